"""`make clean-data`: removes the data of the service on this machine, for good. Needs nothing installed."""

import os
import sys

from helpline.onebox.accounts import NoAccountForServers, find_server_account
from helpline.onebox.folders import DataFolderRefused, choose_data_folder, empty_data_folder


def clean_data() -> int:
    """Remove the data folder; refuse while the service runs or if the folder is not ours."""
    try:
        folder, _ = choose_data_folder(os.environ, find_server_account())
        removed = empty_data_folder(folder)
    except (DataFolderRefused, NoAccountForServers) as refusal:
        print(f"Nothing removed: {refusal}", file=sys.stderr)
        return 2
    print(f"{folder.path} is removed" if removed else f"{folder.path} does not exist; nothing to remove")
    return 0


if __name__ == "__main__":
    sys.exit(clean_data())
