"""Keeps spelled-out packs in a file, since spelling them out takes seconds and every process needs them.

The file is named by a digest of the packs, of the code that reads them and of the Python that runs it: another content
is another file. It is read only where nobody but ourselves could have written it, and even then makes nothing but
this room's own classes.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CODE = Path(__file__).parents[1]
NAME = "spelled-out-"
MOST_KEPT = 4  # a rule set on trial has its own, and so has the one before
MINE_ALONE = 0o022  # no one else may write
PLAIN_KINDS = {("builtins", "set"), ("builtins", "frozenset")}


class NotOurs(Exception):
    """The file or its folder could have been written by somebody else, or holds what we never keep."""


def name_for(paths: Iterable[Path], *others: str) -> str:
    """The name under which what these files mean is kept."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (*paths, *sorted(CODE.rglob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update("\0".join(others).encode())
    return f"{NAME}{digest.hexdigest()}"


def read_kept(file: Path) -> Any | None:
    """What was kept, or None where nothing is. NotOurs when it can not be trusted, OSError when it can not be read."""
    try:
        with file.open("rb") as opened:
            _check_owner(os.fstat(opened.fileno()), file)
            _check_owner(file.parent.stat(), file.parent)
            kept = opened.read()
    except FileNotFoundError:
        return None
    content, seal = kept[:-32], kept[-32:]
    if hashlib.sha256(content).digest() != seal:
        raise NotOurs(f"{file.name} was not written to its end")
    return _load(content)


def keep(thing: Any, file: Path) -> None:
    """Write it whole or not at all, and let go of the oldest. OSError when it can not be written."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = pickle.dumps(thing, protocol=5)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as beside:
        beside.write(content + hashlib.sha256(content).digest())
    os.replace(beside.name, file)
    newest_first = sorted(file.parent.glob(f"{NAME}*"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest_first[MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _load(content: bytes) -> Any:
    # Thousands of small things are made, none of which can be let go of before the last.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _OurClassesOnly(io.BytesIO(content)).load()
    except Exception as fault:
        raise NotOurs(f"what was kept can not be read: {type(fault).__name__}") from fault
    finally:
        if collecting:
            gc.enable()


def _check_owner(facts: os.stat_result, path: Path) -> None:
    if facts.st_uid != os.geteuid() or facts.st_mode & MINE_ALONE:
        raise NotOurs(f"{path.name} belongs to somebody else, or others may write it")


class _OurClassesOnly(pickle.Unpickler):
    """Makes only classes of this room, which do nothing but hold what they are given. Imports nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN_KINDS:
            return super().find_class(module, name)
        found = getattr(sys.modules.get(module), name, None)
        if not module.startswith("triage.text.") or not isinstance(found, type) or found.__module__ != module:
            raise NotOurs(f"{module}.{name} is never kept")
        return found
