"""What one run has found out before it starts anything; every later step reads it from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.onebox.accounts import Account
from helpline.onebox.folders import DataFolder
from helpline.onebox.web_server import DEFAULT_HOST

EVERY_ADDRESS = ("0.0.0.0", "::")


@dataclass(frozen=True)
class OneBox:
    """One run of the service on this machine."""

    caller: Mapping[str, str]
    folder: DataFolder
    sockets: Path
    account: Account | None
    secrets: Mapping[str, str]
    host: str
    ports: Mapping[str, int]

    @property
    def console(self) -> str:
        """The console's address, as seen from this machine."""
        host = DEFAULT_HOST if self.host in EVERY_ADDRESS else self.host
        return f"http://{host}:{self.ports['PORT']}/"

    @property
    def simulator(self) -> str:
        return f"http://{DEFAULT_HOST}:{self.ports['SIMULATOR_PORT']}/"
