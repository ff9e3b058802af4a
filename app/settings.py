"""What an installation may set, read once from `NGUONGOC_…` variables; documented in docs/configuration.md."""

from functools import cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Frozen: a running process never changes its mind. The only reader of the environment."""

    # Inputs stay out of error messages: addresses hold passwords.
    model_config = SettingsConfigDict(
        env_prefix="NGUONGOC_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Path("var")
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    trusted_proxies: str = ""
    workers: int = Field(default=1, ge=1, le=64)
    session_idle_minutes: int = Field(default=720, ge=5)
    staff_idle_minutes: int = Field(default=15, ge=5)
    session_hours: int = Field(default=12, ge=1)
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024)
    max_upload_bytes: int = Field(default=12 * 1024 * 1024, ge=1024)
    reports_per_hour: int = Field(default=10, ge=1)
    reports_per_day: int = Field(default=40, ge=1)
    page_bound_seconds: float = Field(default=0.25, ge=0, le=30)
    count_scans: bool = True
    guess_limit: int = Field(default=60, ge=1)
    guess_window_seconds: int = Field(default=600, ge=1)
    log_format: Literal["console", "json"] = "console"
    archive_key: Path | None = None
    statement_keys: Path | None = None
    purge_url: str = ""
    purge_token: str = Field(default="", repr=False)
    log_keys: Path | None = None
    log_published: Path | None = None
    log_checkpoint_seconds: int = Field(default=300, ge=10)
    log_merge_delay_seconds: int = Field(default=30, ge=0, le=86_400)
    smtp_url: str = Field(default="", repr=False)  # it holds a password
    mail_from: str = ""

    @field_validator("base_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _mail_has_a_server_and_a_sender(self) -> Self:
        address = urlsplit(self.smtp_url)
        named = address.hostname and address.port != 0  # asking for the port refuses a word for it
        if self.smtp_url and not (address.scheme in {"smtp", "smtps"} and named):
            raise ValueError("smtp_url is smtp://host or smtps://host")
        if self.smtp_url and ("@" not in self.mail_from or not self.mail_from.isprintable()):
            raise ValueError("smtp_url needs mail_from, the address mail comes from")
        return self

    @field_validator("purge_url")
    @classmethod
    def _one_plain_address(cls, value: str) -> str:
        address = urlsplit(value)
        plain = address.scheme in {"http", "https"} and address.hostname and value.isprintable()
        if value and (not plain or address.port == 0 or address.username or address.fragment):
            raise ValueError(
                "purge_url is http://host/path or https://host/path; put its secret in purge_token"
            )
        return value

    @field_validator("purge_token")
    @classmethod
    def _fits_a_header(cls, value: str) -> str:
        if not value.isascii() or (value and not value.isprintable()) or " " in value:
            raise ValueError("purge_token is one word of ASCII letters, digits and signs")
        return value

    @property
    def database(self) -> str:
        """The database address; an SQLite file in the data directory unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data_dir / 'nguongoc.db'}"

    @property
    def archive_key_file(self) -> Path:
        """The key that signs archives; in the data directory unless told otherwise."""
        return self.archive_key or self.data_dir / "archive-key.pem"

    @property
    def statement_keys_folder(self) -> Path:
        """The keys that sign public statements; in the data directory unless told otherwise."""
        return self.statement_keys or self.data_dir / "statement-keys"

    @property
    def log_keys_folder(self) -> Path:
        """The keys that sign the public log; in the data directory unless told otherwise."""
        return self.log_keys or self.data_dir / "log-keys"

    @property
    def log_published_file(self) -> Path:
        """Where every published checkpoint is kept outside the database."""
        return self.log_published or self.data_dir / "log-published.jsonl"

    @property
    def secure_cookies(self) -> bool:
        """Whether the public address is https, so that cookies may demand it."""
        return self.base_url.startswith("https://")


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
