"""The keys of a one-machine helpline: made once, readable by us alone, and missed when they are gone."""

import json
import stat
from pathlib import Path

import pytest

from config.settings import load_settings
from helpline.onebox.environment import complete_environment, make_own_values
from helpline.onebox.secrets_file import SecretsLost, load_secrets

PORTS = {"PORT": 21000, "SIMULATOR_PORT": 21001, "SIMULATOR_MAIL_PORT": 21002}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets.json"


def test_secrets_are_made_once_and_kept(path):
    assert load_secrets(path, database_exists=False) == load_secrets(path, database_exists=True)


def test_nobody_else_can_read_them(path):
    load_secrets(path, database_exists=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(path):
    before = load_secrets(path, database_exists=False)
    path.write_text(json.dumps({name: value for name, value in before.items() if name != "VALKEY_PASSWORD"}))
    after = load_secrets(path, database_exists=True)
    assert after["FIELD_KEYS"] == before["FIELD_KEYS"]
    assert after["VALKEY_PASSWORD"]


def test_a_database_whose_keys_are_gone_is_not_given_new_ones(path):
    with pytest.raises(SecretsLost, match="cannot be read"):
        load_secrets(path, database_exists=True)
    assert not path.exists()


def test_the_service_accepts_the_settings_made_for_it(path, tmp_path):
    own = make_own_values(load_secrets(path, database_exists=False), PORTS, tmp_path / "phonebook.json", tmp_path)
    stores = {"DATABASE_URL": "postgresql+psycopg://h:p@/helpline?host=%2Frun", "REDIS_URL": "unix://:p@/run/v?db=0"}
    settings = load_settings(complete_environment({}, own | stores))
    assert settings.public_base_url == "http://127.0.0.1:21000"
    assert settings.twilio_api_base_url == "http://127.0.0.1:21001"


def test_what_the_caller_set_stands(path, tmp_path):
    own = make_own_values(load_secrets(path, database_exists=False), PORTS, tmp_path / "phonebook.json", tmp_path)
    caller = {"TWILIO_AUTH_TOKEN": "chosen-by-the-caller", "SECRET_KEY_FILE": "/run/secrets/key", "SMTP_URL": ""}
    completed = complete_environment(caller, own)
    assert completed["TWILIO_AUTH_TOKEN"] == "chosen-by-the-caller"
    assert "SECRET_KEY" not in completed
    assert completed["FIELD_KEYS"] == own["FIELD_KEYS"]
