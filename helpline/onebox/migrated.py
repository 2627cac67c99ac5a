"""Remembers which migrations the database of this folder has had, so that an unchanged start need not look."""

import hashlib

from helpline.onebox.box import OneBox
from helpline.onebox.environment import is_given
from helpline.onebox.folders import PROJECT

MIGRATIONS = PROJECT / "helpline" / "store" / "migrations"


def is_migrated(box: OneBox) -> bool:
    """True if our own database has had exactly these migrations. Never true for a caller's database."""
    if is_given(box.caller, "DATABASE_URL") or not box.folder.migrated.exists():
        return False
    return box.folder.migrated.read_text(encoding="ascii") == _fingerprint()


def note_migrated(box: OneBox) -> None:
    """Call after a migration that went well."""
    box.folder.migrated.write_text(_fingerprint(), encoding="ascii")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
