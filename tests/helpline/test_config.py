"""A helpline's data files and settings: what is wrong is refused at start, by name and place, and no secret is told."""

import base64
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from config.data_file import ConfigInvalid
from config.helpline import load_helpline
from config.settings import SettingsInvalid, load_settings
from helpline.commands.checks import find_config_faults

SHIPPED = Path(__file__).resolve().parents[2] / "config"
SECRET = "canary-of-a-secret"
GOOD = {
    "DATABASE_URL": "postgresql://helpline:pw@127.0.0.1/helpline",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "PUBLIC_BASE_URL": "https://help.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "SECRET_KEY": "s" * 32,
    "FIELD_KEYS": base64.b64encode(b"k" * 32).decode(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped data files, to be broken."""
    for name in ("helpline.toml", "partners.toml", "categories.toml", "text_words.toml", "silent_questions.toml"):
        shutil.copy(SHIPPED / name, tmp_path)
    for name in ("workflows", "risk_rules", "calendars"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        content = path.read_text(encoding="utf-8")
        assert re.search(old, content, re.MULTILINE), old
        path.write_text(re.sub(old, lambda _match: new, content, count=1, flags=re.MULTILINE), encoding="utf-8")

    return replace


def test_the_shipped_files_are_in_order(folder: Path):
    assert find_config_faults(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (r"^schema = 1", "schema = 2", "schema"),
        (r"^schema = 1", "schema = 1\nsurprise = 1", "surprise"),
        (r'country = "QA"', 'country = "Qatar"', "helpline.country"),
        (r'timezone = ".*"', 'timezone = "Asia/Nowhere"', "helpline.timezone"),
        (r'timezone = ".*"', 'timezone = "../etc/passwd"', "helpline.timezone"),
        (r'emergency_number = "999"', 'emergency_number = "call the police"', "helpline.emergency_number"),
        (r'^voice = \["\+97444000919"\]', "voice = []", "numbers.voice"),
        (r'^voice = \["\+97444000919"\]', 'voice = ["44000919"]', "numbers.voice.0"),
        (r"^sms = .*", 'sms = ["+974 4400 0919"]', "numbers.sms.0"),
        (r'caller_id = ".*"', 'caller_id = "0044"', "numbers.caller_id"),
        (r'^duty_phones = \["\+97455000901"', 'duty_phones = ["5500 0901"', "numbers.duty_phones.0"),
        (r'offered = \["ar", "en"\]', "offered = []", "languages.offered"),
        (r'offered = \["ar", "en"\]', 'offered = ["ar", "xx"]', "xx"),
        (r"always_open = true", 'always_open = "perhaps"', "hours.always_open"),
        (r'sun = \["07:00-23:00"\]', 'sun = ["7-23"]', "hours.weekly"),
        (r'sun = \["07:00-23:00"\]', 'sun = ["07:00"]', "hours.weekly"),
        (r'sun = \["07:00-23:00"\]', 'sun = ["07:00-25:00"]', "hours.weekly"),
        (r'sun = \["07:00-23:00"\]', "sun = [7]", "hours.weekly.sun"),
        (r'sun = \["07:00-23:00"\]', 'sunday = ["07:00-23:00"]', "hours.weekly.sunday"),
        (r"^weekly = .*", 'weekly = "always"', "hours.weekly"),
        (r"^dates = \{\}", 'dates = { "2026-13-01" = [] }', "hours.dates"),
        (r"^dates = \{\}", "dates = []", "hours.dates"),
        (r"^critical = 20\n", "", "targets.voice"),
        (r"^critical = 20", "critical = 2000", "targets.voice"),
        (r"^critical = 20", "critical = 20\nurgent = 10", "targets.voice.urgent"),
        (r"^offer_s = 20", "offer_s = 1", "queue.offer_s"),
        (r"^offer_s = 20\n", "", "queue.offer_s"),
        (r"^reserve = 1", "reserve = -1", "queue.reserve"),
        (r"^expected_s = 300", "expected_s = 0", "wrap_up.expected_s"),
        (r"^contacts_days = 365", 'contacts_days = "for ever"', "retention.contacts_days"),
        (r"^\[retention\]\n.*", "", "retention"),
        (r"^\[queue\]", "[queue", "line"),
    ],
)
def test_a_fault_in_the_helplines_file_is_named_with_file_and_place(
    folder: Path, edit: Callable[[str, str, str], None], old: str, new: str, place: str
):
    edit("helpline.toml", old, new)
    faults = find_config_faults(folder)
    assert any(place in fault for fault in faults), faults
    assert place == "xx" or all(fault.startswith("helpline.toml: ") for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('code = "hurt"', 'code = "favourite_colour"', "no sentence 'ask.favourite_colour'"),
        ('yes = "hurt_yes"', 'yes = "hurt_perhaps"', "no risk rule knows the signal 'hurt_perhaps'"),
        ('code = "hurt"', 'code = "alone"', "alone stands there twice"),
        ("listen_s = 8", "listen_s = 1", "listen_s"),
        ('yes = "hurt_yes"', 'maybe = "hurt_yes"', "maybe"),
    ],
)
def test_a_question_that_could_not_be_asked_or_weighed_is_named(
    folder: Path, edit: Callable[[str, str, str], None], old: str, new: str, told: str
):
    edit("silent_questions.toml", old, new)

    [fault] = find_config_faults(folder)

    assert fault.startswith("silent_questions.toml: ") and told in fault


def test_several_faults_are_named_at_once(folder: Path, edit: Callable[[str, str, str], None]):
    edit("helpline.toml", r'country = "QA"', 'country = "Qatar"')
    edit("helpline.toml", r"^offer_s = 20", "offer_s = 1")
    edit("partners.toml", r'area = "north"', 'area = "The North"')
    edit("workflows/police_emergency.toml", r"^accepted = 7200", "accepted = 0")
    edit("categories.toml", 'code = "silent"', 'code = "hang_up"')
    edit("risk_rules/levels.toml", r"^high = 60", "high = 90")

    faults = "\n".join(find_config_faults(folder))

    for place in (
        "helpline.toml: helpline.country",
        "helpline.toml: queue.offer_s",
        "partners.toml: partner.0.area",
        "workflows/police_emergency.toml: clocks",
        "levels.toml: cuts must fall",
        "hang_up stands there twice",
    ):
        assert place in faults


def test_a_missing_or_unreadable_file_is_named(folder: Path):
    (folder / "helpline.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigInvalid, match="helpline.toml"):
        load_helpline(folder)
    (folder / "helpline.toml").unlink()
    with pytest.raises(ConfigInvalid, match="helpline.toml: cannot be read"):
        load_helpline(folder)


def test_good_settings_are_read_and_cannot_be_changed():
    settings = load_settings(GOOD)
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert settings.field_key_ring == (b"k" * 32,)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_everything_that_is_missing_is_named_at_once():
    with pytest.raises(SettingsInvalid) as refused:
        load_settings({})
    named = {fault.split(" ")[0] for fault in refused.value.faults}
    assert named == set(GOOD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://root:{SECRET}@127.0.0.1/x"),
        ("REDIS_URL", f"http://{SECRET}@127.0.0.1"),
        ("PUBLIC_BASE_URL", f"help.example.org/{SECRET}"),
        ("PUBLIC_BASE_URL", f"https://user:{SECRET}@help.example.org:port"),
        ("PUBLIC_BASE_URL", f"https://user:{SECRET}"),
        ("PUBLIC_BASE_URL", f"https://[{SECRET}"),
        ("PUBLIC_BASE_URL", f"https://help.example.org:99999/{SECRET}"),
        ("TWILIO_API_BASE_URL", f"ftp://{SECRET}@example.org"),
        ("TWILIO_ACCOUNT_SID", SECRET),
        ("TWILIO_AUTH_TOKEN", SECRET[:8]),
        ("SECRET_KEY", SECRET),
        ("FIELD_KEYS", SECRET),
        ("FIELD_KEYS", f"{GOOD['FIELD_KEYS']},{base64.b64encode(SECRET.encode()).decode()}"),
        ("FIELD_KEYS", f"{GOOD['FIELD_KEYS']},{SECRET}é"),
        ("FIELD_KEYS", f"{GOOD['FIELD_KEYS']},"),
        ("PORT", SECRET),
        ("PORT", "0"),
        ("SIMULATOR_SPEED", "-1"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: str):
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(GOOD | {name: value})
    [fault] = refused.value.faults
    assert fault.startswith(f"{name}: ")
    assert SECRET[:8] not in fault
    assert base64.b64encode(SECRET.encode()).decode()[:8] not in fault


def test_settings_do_not_show_their_secrets():
    settings = load_settings(GOOD | {"TWILIO_AUTH_TOKEN": SECRET})
    assert SECRET not in repr(settings)


def test_a_setting_may_stand_in_a_file_which_goes_before_the_variable(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("f" * 32 + "\n", encoding="utf-8")
    settings = load_settings(GOOD | {"TWILIO_AUTH_TOKEN_FILE": str(file)})
    assert settings.twilio_auth_token.get_secret_value() == "f" * 32


def test_a_file_that_can_not_be_read_is_named_with_everything_else(tmp_path: Path):
    binary = tmp_path / "keys"
    binary.write_bytes(b"\xff\xfe" + SECRET.encode())
    environment = GOOD | {"SECRET_KEY_FILE": str(tmp_path / "none"), "FIELD_KEYS_FILE": str(binary), "PORT": "many"}
    del environment["SECRET_KEY"]
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(environment)
    faults = "\n".join(refused.value.faults)
    for named in ("SECRET_KEY_FILE: cannot read it", "FIELD_KEYS_FILE: ", "PORT: "):
        assert named in faults
    assert SECRET not in faults
