"""What each process of the service is told: the caller's environment, completed with our own values."""

import sys
from collections.abc import Mapping
from pathlib import Path

from helpline.onebox.folders import PROJECT
from helpline.onebox.ports import MAIL_PORT

PASSED_SECRETS = ("SECRET_KEY", "FIELD_KEYS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")


def is_given(environment: Mapping[str, str], name: str) -> bool:
    """True if the caller set this setting, as a value or as the path of a file that holds it."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def make_own_values(
    secrets: Mapping[str, str], ports: Mapping[str, int], phonebook: Path, spelled_out: Path
) -> dict[str, str]:
    """The settings of a helpline on this one machine, apart from the two servers' addresses."""
    return {name: secrets[name] for name in PASSED_SECRETS} | {
        "PORT": str(ports["PORT"]),
        "SIMULATOR_PORT": str(ports["SIMULATOR_PORT"]),
        "SIMULATOR_PHONEBOOK": str(phonebook),
        "SIMULATOR_FALLBACK": str(phonebook.with_name("fallback.xml")),
        "SIMULATOR_MAIL_PORT": str(ports[MAIL_PORT]),
        "SMTP_URL": f"smtp+plain://127.0.0.1:{ports[MAIL_PORT]}",
        "MAIL_SENDER": "helpline@helpline.example",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{ports['PORT']}",
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{ports['SIMULATOR_PORT']}",
        "SPELLED_OUT_DIR": str(spelled_out),
        "HELPLINE_CONFIG_DIR": str(PROJECT / "config"),
    }


def complete_environment(caller: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment with our values for what it leaves open; what the caller set stands."""
    missing = {name: value for name, value in own.items() if not is_given(caller, name)}
    return _with_kept_bytecode(dict(caller) | missing)


def _with_kept_bytecode(environment: dict[str, str]) -> dict[str, str]:
    # Where Python is told to keep no bytecode, each process pays a second to compile the same files
    # again. Ours share what the first one compiled, in a place that is thrown away with .venv.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("PYTHONPYCACHEPREFIX", str(Path(sys.prefix) / "bytecode"))
    environment["PYTHONUNBUFFERED"] = "1"
    return environment
