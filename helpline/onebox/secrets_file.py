"""The keys and passwords of a one-machine helpline: made once, kept in one file that only we can read."""

import base64
import json
import os
import secrets
from pathlib import Path


class SecretsLost(Exception):
    """There is a database, but not the file with the keys that open it."""


def load_secrets(path: Path, database_exists: bool) -> dict[str, str]:
    """Read the secrets, making those that are not there yet. Raises SecretsLost."""
    if not path.exists() and database_exists:
        raise SecretsLost(
            f"{path} is gone, and without its keys the records in the database cannot be read. "
            "Put it back, or start over with an empty database: make clean-data"
        )
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    complete = _make_secrets() | known
    if complete != known:
        write_private_json(path, complete)
    return complete


def write_private_json(path: Path, content: object) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _make_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        # In the shape of a Twilio account's, so that signatures are made and checked as in real life.
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "POSTGRES_SUPERUSER_PASSWORD": secrets.token_urlsafe(24),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }
