"""What an installation has settled of its log: its name, its keys, how often and where it publishes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from app.settings import Settings
from app.transparency.log_keys import LogKeys

PREFIX = "/log"


@dataclass(frozen=True)
class TheLog:
    """The log of this installation. `name` is its address without the scheme."""

    name: str
    keys: LogKeys
    published: Path
    merge_delay: timedelta
    every: timedelta

    @classmethod
    def of(cls, chosen: Settings) -> "TheLog":
        """As the settings have it."""
        address = urlsplit(chosen.base_url)
        return cls(
            name=f"{address.netloc}{address.path}{PREFIX}",
            keys=LogKeys(chosen.log_keys_folder),
            published=chosen.log_published_file,
            merge_delay=timedelta(seconds=chosen.log_merge_delay_seconds),
            every=timedelta(seconds=chosen.log_checkpoint_seconds),
        )

    def origin(self, breaks: int) -> str:
        """The first line of a checkpoint. After a break it is another log, and says so.

        A log must not sign what contradicts what it signed under the same origin (tlog-checkpoint).
        """
        return f"{self.name}/{breaks + 1}" if breaks else self.name

    def is_own(self, origin: str) -> bool:
        """Whether a checkpoint of this origin is of this log, before or after whatever break."""
        rest = origin.removeprefix(self.name)
        return origin == self.name or (
            origin.startswith(f"{self.name}/") and rest.removeprefix("/").isdigit()
        )
