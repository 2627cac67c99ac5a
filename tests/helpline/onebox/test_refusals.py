"""`make run` that cannot go well says why in one sentence, and has started nothing."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.onebox.folders import DataFolder, hold_data_folder
from helpline.onebox.postgres import PostgresFolderRefused, PostgresServer
from tests.servers import ServersFolder

PROJECT = Path(__file__).parents[3]


def run_onebox(**variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "helpline.onebox", "run"],
        cwd=PROJECT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_a_taken_port_is_named_and_no_database_is_made(name, own_servers_folder: ServersFolder):
    data = own_servers_folder.path / "data"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        refused = run_onebox(**{"PORT": "21970", "SIMULATOR_PORT": "21971", name: str(port)}, DATA_DIR=str(data))
    assert refused.returncode == 2
    assert f"Not started: Port {port} cannot be used" in refused.stderr
    assert f"{name}=" in refused.stderr
    assert not (data / "postgres").exists()


def test_a_second_run_in_the_same_folder_is_refused_before_it_touches_anything(own_servers_folder):
    data = own_servers_folder.path / "data"
    with hold_data_folder(DataFolder(data), own_servers_folder.account):
        refused = run_onebox(DATA_DIR=str(data))
    assert refused.returncode == 2
    assert f"{data} is in use: the service already runs there (process {os.getpid()})" in refused.stderr


def test_data_of_another_major_version_is_refused(own_servers_folder: ServersFolder):
    folder = own_servers_folder.path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    server = PostgresServer(
        folder=folder,
        sockets=own_servers_folder.sockets,
        log=own_servers_folder.path / "postgres.log",
        binaries=own_servers_folder.binaries,
        account=own_servers_folder.account,
        superuser_password="only-for-tests",
        password="only-for-tests",
    )
    with pytest.raises(PostgresFolderRefused, match="written by PostgreSQL 16"):
        server.make_if_new()
