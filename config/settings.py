"""The service's settings: one frozen object, parsed once, refused early.

This is the only reader of the environment. Every name may also be given as `NAME_FILE`, the path of a
file that holds the value, so that secrets need not stand in a process's environment.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

FIELD_KEY_BYTES = 32


class SettingsInvalid(Exception):
    """Some settings are missing or wrong. `faults` names every one of them."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("These settings need attention:\n  " + "\n  ".join(faults))


class Settings(BaseSettings):
    """Everything a process must be told before it starts. See README, 'Going live', for each meaning."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(cls, settings_cls, init_settings, **_others):
        """Only what load_settings hands over counts, so that a test's or a tool's mapping is the whole truth."""
        return (init_settings,)

    database_url: str
    redis_url: str
    public_base_url: str
    twilio_account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_auth_token: SecretStr = Field(min_length=16)
    twilio_auth_token_previous: SecretStr | None = None
    twilio_api_key_sid: str | None = None
    twilio_api_key_secret: SecretStr | None = None
    twilio_twiml_app_sid: str | None = None
    twilio_api_base_url: str = "https://api.twilio.com"
    helpline_config_dir: Path = Path(__file__).resolve().parent
    spelled_out_dir: Path | None = None
    secret_key: SecretStr = Field(min_length=32)
    field_keys: SecretStr
    # smtps://user:secret@host:465, smtp:// (TLS is turned on first) or, on this machine only, smtp+plain://.
    smtp_url: str | None = None
    mail_sender: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
    port: int = Field(default=8000, ge=1, le=65535)
    host: str = "127.0.0.1"
    simulator_port: int = Field(default=8010, ge=1, le=65535)
    # Where the simulator takes letters that it shows and delivers to nobody.
    simulator_mail_port: int | None = Field(default=None, ge=1, le=65535)
    simulator_phonebook: Path | None = None
    simulator_fallback: Path | None = None
    simulator_speed: float = Field(default=1.0, gt=0)

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, url: str) -> str:
        scheme, rest = url.partition("://")[::2]
        if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ValueError("must be a PostgreSQL address, such as postgresql://user:secret@host/name")
        return f"postgresql+psycopg://{rest}"

    @field_validator("redis_url")
    @classmethod
    def _redis_only(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must be a redis://, rediss:// or unix:// address")
        return url

    @field_validator("public_base_url", "twilio_api_base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not _is_web_address(url):
            raise ValueError("must be a web address, such as https://help.example.org")
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_address(cls, url: str | None) -> str | None:
        if url is not None and not _is_mail_server(url):
            raise ValueError("must be a smtps:// or smtp:// address; smtp+plain:// only on this machine")
        return url

    @field_validator("field_keys")
    @classmethod
    def _keys_of_right_size(cls, keys: SecretStr) -> SecretStr:
        for position, text in enumerate(keys.get_secret_value().split(","), start=1):
            try:
                size = len(base64.b64decode(text.strip(), validate=True))
            except binascii.Error as error:
                raise ValueError(f"key {position} is not base64") from error
            if size != FIELD_KEY_BYTES:
                raise ValueError(f"key {position} has {size} bytes and must have {FIELD_KEY_BYTES}")
        return keys

    @cached_property
    def field_key_ring(self) -> tuple[bytes, ...]:
        """The encryption keys, newest first, each 32 bytes."""
        return tuple(base64.b64decode(text.strip()) for text in self.field_keys.get_secret_value().split(","))

    @property
    def can_send_mail(self) -> bool:
        """True when there is a server that takes our letters, and a sender to write in them."""
        return bool(self.smtp_url and self.mail_sender)

    @property
    def softphone_ready(self) -> bool:
        """True when counsellors may use the browser as their phone."""
        return bool(self.twilio_api_key_sid and self.twilio_api_key_secret and self.twilio_twiml_app_sid)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment once. Raises SettingsInvalid, which names every fault at once."""
    source = os.environ if environment is None else environment
    values, faults = _values_from(source)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_describe(fault) for fault in error.errors()]
    if faults:
        raise SettingsInvalid(faults)
    return settings


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # The port is looked at too: one that is no number is found out only when it is asked for.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("smtp", "smtps", "smtp+plain") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and (parts.scheme != "smtp+plain" or parts.hostname in ("127.0.0.1", "localhost", "::1"))


def _values_from(source: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    faults: list[str] = []
    for field in Settings.model_fields:
        name = field.upper()
        if path := source.get(f"{name}_FILE"):
            try:
                values[field] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                faults.append(f"{name}_FILE: cannot read it ({error.strerror})")
            except UnicodeDecodeError:
                faults.append(f"{name}_FILE: is not a text")
        elif source.get(name):
            values[field] = source[name]
    return values, faults


def _describe(fault: Mapping) -> str:
    name = str(fault["loc"][0]).upper()
    if fault["type"] == "missing":
        return f"{name} is not set (give it, or {name}_FILE)"
    # The value itself is never repeated: it may be a secret.
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
