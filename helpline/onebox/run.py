"""`make run`: looks before it starts anything, starts everything in order, stops it in order."""

import os
import shutil
import signal
from collections.abc import Mapping

from helpline.onebox import screen
from helpline.onebox.accounts import find_server_account
from helpline.onebox.box import OneBox
from helpline.onebox.children import die_with_parent
from helpline.onebox.environment import complete_environment, make_own_values
from helpline.onebox.folders import choose_data_folder, hold_data_folder, make_socket_folder
from helpline.onebox.ports import choose_ports
from helpline.onebox.secrets_file import load_secrets, write_private_json
from helpline.onebox.service import CLOCK, SIMULATOR, WEB, WORKERS, StepFailed, start_service
from helpline.onebox.stores import start_stores
from helpline.onebox.supervise import NotReadyInTime, StopAsked, Supervisor
from helpline.onebox.web_server import DEFAULT_HOST

# Together they keep a stop inside ten seconds.
SERVICE_STOPS_WITHIN_S = 6
SIMULATOR_STOPS_WITHIN_S = 1
STORES_STOP_WITHIN_S = 3
LAST_RUN_ENDS_WITHIN_S = 10


def run(caller: Mapping[str, str]) -> int:
    """Start everything and stay until a stop is asked for; return the exit status.

    Raises one of the refusals (PortRefused, DataFolderRefused, ...) before anything is started.
    """
    if "MAKELEVEL" in caller:
        # Killed outright, make could not pass anything on; then nobody would be left to stop us.
        die_with_parent(signal.SIGTERM, os.getppid())
    account = find_server_account()
    folder, where = choose_data_folder(caller, account)
    host = caller.get("HOST") or DEFAULT_HOST
    with hold_data_folder(folder, account) as last_run_was_killed:
        patience_s = LAST_RUN_ENDS_WITHIN_S if last_run_was_killed else 0
        ports = choose_ports(caller, host, patience_s)
        if where:
            screen.say(where)
        box = OneBox(
            caller=caller,
            folder=folder,
            sockets=make_socket_folder(folder, account),
            account=account,
            secrets=load_secrets(folder.secrets, database_exists=folder.postgres.exists()),
            host=host,
            ports=ports,
        )
        return _run_in(box)


def _run_in(box: OneBox) -> int:
    supervisor = Supervisor(screen.say)
    supervisor.listen_for_stop()
    try:
        own = make_own_values(box.secrets, box.ports, box.folder.phonebook, box.folder.spelled_out)
        own |= start_stores(supervisor, box)
        write_private_json(box.folder.environment, own)
        start_service(supervisor, box, complete_environment(box.caller, own))
        screen.show_welcome(box.console, box.simulator, box.folder)
        supervisor.keep_running()
    except StopAsked:
        return 0
    except NotReadyInTime as late:
        screen.show_log_end(late.log)
        screen.say(str(late))
        return 1
    except StepFailed as failure:
        screen.say(str(failure))
        return 1
    finally:
        _stop_in_order(supervisor)
        if box.sockets.parent != box.folder.path:
            shutil.rmtree(box.sockets, ignore_errors=True)


def _stop_in_order(supervisor: Supervisor) -> None:
    """First those who take calls and work, then the phone line they speak to, last what they write to."""
    screen.say("Stopping")
    supervisor.stop((WEB, CLOCK, *WORKERS), SERVICE_STOPS_WITHIN_S)
    supervisor.stop((SIMULATOR,), SIMULATOR_STOPS_WITHIN_S)
    supervisor.stop_all(STORES_STOP_WITHIN_S)
    screen.say("Stopped")
