"""The data folder: private, ours alone, one run at a time."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.onebox.accounts import find_server_account
from helpline.onebox.folders import (
    LONGEST_SOCKET_PATH,
    DataFolder,
    DataFolderRefused,
    choose_data_folder,
    empty_data_folder,
    hold_data_folder,
    make_socket_folder,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to someone else")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_a_second_run_in_the_same_folder_is_refused(folder):
    with (
        hold_data_folder(folder, None),
        pytest.raises(DataFolderRefused, match=f"already runs there .process {os.getpid()}"),
        hold_data_folder(folder, None),
    ):
        pass


def test_a_folder_is_free_again_when_its_run_was_killed(folder, tmp_path):
    killed = "import os, sys; from pathlib import Path; from helpline.onebox.folders import *\n"
    killed += "with hold_data_folder(DataFolder(Path(sys.argv[1])), None): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", killed, str(folder.path)], cwd=Path(__file__).parents[3], check=False)
    with hold_data_folder(folder, None) as last_run_was_killed:
        assert last_run_was_killed
    with hold_data_folder(folder, None) as last_run_was_killed:
        assert not last_run_was_killed


@as_root
def test_a_folder_of_someone_else_is_refused(folder):
    folder.path.mkdir()
    os.chown(folder.path, 12345, 12345)
    with pytest.raises(DataFolderRefused, match="belongs to uid 12345"), hold_data_folder(folder, None):
        pass


def test_a_folder_with_other_files_is_refused_and_left_alone(folder):
    folder.path.mkdir(mode=0o755)
    (folder.path / "letters.txt").touch()
    with pytest.raises(DataFolderRefused, match="not this service's"), hold_data_folder(folder, None):
        pass
    with pytest.raises(DataFolderRefused, match="not this service's"):
        empty_data_folder(folder)
    assert (folder.path / "letters.txt").exists()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o755


def test_clean_data_refuses_while_the_service_runs(folder):
    with hold_data_folder(folder, None), pytest.raises(DataFolderRefused, match="in use"):
        empty_data_folder(folder)
    assert empty_data_folder(folder)
    assert not folder.path.exists()


def test_nobody_else_can_look_into_the_folder(folder):
    with hold_data_folder(folder, None):
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


@as_root
def test_root_lets_the_servers_account_pass_but_not_look_and_touches_nothing_above(folder, tmp_path):
    tmp_path.chmod(0o700)
    with hold_data_folder(folder, find_server_account()):
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o710
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@as_root
def test_data_wanted_inside_a_private_home_is_kept_where_the_servers_account_can_reach_it(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    folder, told = choose_data_folder({"DATA_DIR": str(home / "data")}, find_server_account())
    assert folder.path.parent == Path("/var/lib")
    assert "is private" in told
    assert str(folder.path) in told


def test_sockets_of_a_folder_with_a_long_name_lie_elsewhere(tmp_path):
    deep = tmp_path / ("long" * 25)
    with hold_data_folder(DataFolder(deep), None):
        sockets = make_socket_folder(DataFolder(deep), None)
    assert len(str(sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    sockets.rmdir()
