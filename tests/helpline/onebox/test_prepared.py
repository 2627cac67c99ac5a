"""An unchanged start skips migrations and the demonstration; anything else never does."""

import shutil
from pathlib import Path

import pytest

from helpline.onebox.box import OneBox
from helpline.onebox.folders import DataFolder
from helpline.onebox.prepared import is_prepared, note_prepared


@pytest.fixture
def box(tmp_path: Path) -> OneBox:
    folder = DataFolder(tmp_path)
    folder.postgres.mkdir()
    folder.phonebook.touch()
    return OneBox({}, folder, tmp_path / "run", None, {}, "127.0.0.1", {"PORT": 21000, "SIMULATOR_PORT": 21001})


def with_caller(box: OneBox, **caller: str) -> OneBox:
    return OneBox(caller, box.folder, box.sockets, None, {}, box.host, box.ports)


def test_a_new_database_is_not_prepared(box):
    assert not is_prepared(box)


def test_a_prepared_database_stays_so_until_something_changes(box):
    note_prepared(box)
    assert is_prepared(box)
    assert not is_prepared(with_caller(box, HELPLINE_CONFIG_DIR="/another/helpline"))


def test_a_database_made_anew_is_prepared_again(box):
    note_prepared(box)
    shutil.rmtree(box.folder.postgres)
    box.folder.postgres.mkdir()
    assert not is_prepared(box)


def test_lost_sign_ins_are_made_again(box):
    note_prepared(box)
    box.folder.phonebook.unlink()
    assert not is_prepared(box)


def test_a_callers_database_is_always_looked_at(box):
    note_prepared(box)
    assert not is_prepared(with_caller(box, DATABASE_URL="postgresql://elsewhere/helpline"))
    assert not is_prepared(with_caller(box, DATABASE_URL_FILE="/run/secrets/database"))
