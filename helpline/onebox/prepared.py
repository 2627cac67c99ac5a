"""Remembers what the database of this folder has been given, so that an unchanged start need not look again.

Loading the service only to find that nothing is to be done would take longer than all the rest.
"""

import hashlib
from pathlib import Path

from helpline.onebox.box import OneBox
from helpline.onebox.environment import is_given
from helpline.onebox.folders import PROJECT

GIVEN = (
    PROJECT / "helpline" / "store" / "migrations",
    PROJECT / "helpline" / "commands" / "demo.py",
    PROJECT / "config",
)


def is_prepared(box: OneBox) -> bool:
    """True if our own database has had exactly these migrations and this demonstration helpline.

    Never true for a database that the caller brought.
    """
    if is_given(box.caller, "DATABASE_URL") or not box.folder.phonebook.exists():
        return False
    note = _note(box)
    return note.exists() and note.read_text(encoding="ascii") == _fingerprint(box)


def note_prepared(box: OneBox) -> None:
    """Call after both have gone well."""
    if not is_given(box.caller, "DATABASE_URL"):
        _note(box).write_text(_fingerprint(box), encoding="ascii")


def _note(box: OneBox) -> Path:
    # With the database's own files, so that it is gone when they are.
    return box.folder.postgres / "prepared-by-make-run"


def _fingerprint(box: OneBox) -> str:
    digest = hashlib.sha256(box.caller.get("HELPLINE_CONFIG_DIR", "").encode())
    files = [file for given in GIVEN for file in ([given] if given.is_file() else given.rglob("*.*"))]
    for file in sorted(file for file in files if file.suffix in (".py", ".toml")):
        digest.update(str(file.relative_to(PROJECT)).encode() + file.read_bytes())
    return digest.hexdigest()
