"""`python -m helpline.onebox run` runs the whole service here; `... flask ARGS` runs one command beside it."""

import json
import os
import sys

from helpline.onebox.accounts import NoAccountForServers, find_server_account
from helpline.onebox.environment import complete_environment
from helpline.onebox.folders import DataFolderRefused, choose_data_folder
from helpline.onebox.ports import PortRefused
from helpline.onebox.postgres import DatabaseNotMade, PostgresFolderRefused
from helpline.onebox.run import run
from helpline.onebox.secrets_file import SecretsLost

REFUSALS = (
    PortRefused,
    DataFolderRefused,
    PostgresFolderRefused,
    DatabaseNotMade,
    SecretsLost,
    NoAccountForServers,
)


def main(arguments: list[str]) -> int:
    """Do what the command line asks; a refusal is one plain sentence and exit status 2."""
    try:
        if arguments == ["run"]:
            return run(os.environ)
        if arguments[:1] == ["flask"]:
            return run_flask(arguments[1:])
    except REFUSALS as refusal:
        print(f"Not started: {refusal}", file=sys.stderr)
        return 2
    print(__doc__, file=sys.stderr)
    return 2


def run_flask(arguments: list[str]) -> int:
    """Become `flask --app app ARGUMENTS` with the settings of the service that runs here."""
    folder, _ = choose_data_folder(os.environ, find_server_account())
    if not folder.environment.exists():
        raise DataFolderRefused(f"{folder.path} has no service yet. Start it first: make run")
    own = json.loads(folder.environment.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    os.execve(command[0], command, complete_environment(os.environ, own))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
