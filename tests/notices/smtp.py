"""A mail server of a few lines on loopback: it keeps what it is given, or refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class MailServer(ThreadingTCPServer):
    """`mails` are what it took; `refusing` the command it says no to; `said` what it was told."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refusing: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.refusing = refusing
        self.mails: list[EmailMessage] = []
        self.said: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def recipients(self) -> list[str]:
        return [line for line in self.said if line.upper().startswith("RCPT")]


class _Talk(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 loopback")
        for line in self.rfile:
            words = line.decode().rstrip("\r\n")
            self.server.said.append(words)
            verb = words.split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb)

    def _answer(self, verb: str) -> None:
        if verb == self.server.refusing:
            self._say("550 not here")
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
            self._say("250 taken")
        elif verb == "EHLO":
            self._say("250-loopback\r\n250 AUTH PLAIN")
        elif verb == "AUTH":
            self._say("235 welcome")
        else:
            self._say("250 well")

    def _take(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        raw = b"".join(
            line.removeprefix(b".") if line.startswith(b"..") else line for line in lines
        )
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        self.server.mails.append(mail)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server(refusing: str = "") -> Iterator[MailServer]:
    """A server that listens while the block runs."""
    with MailServer(refusing) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
