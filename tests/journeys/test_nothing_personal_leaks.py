"""Hunts for canaries: words and numbers that may stand nowhere but sealed in their fields."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from redis import Redis

from tests.helpline.conftest import migrate
from tests.journeys.conftest import HELPLINE, Helpline, running_helpline
from tests.journeys.people import eventually
from tests.servers import ServersFolder, TestPostgres

CHILD_ON_PHONE, CHILD_IN_TEXT, DEVICE = "+97455987001", "+97455987002", "+97455987003"
TEXT, REPLY, NOTES, REASON = "canary-in-a-text", "canary-in-a-reply", "canary-in-notes", "canary-in-a-reason"
CANARIES = (CHILD_ON_PHONE, CHILD_IN_TEXT, DEVICE, TEXT, REPLY, NOTES, REASON)


def find_canaries(where: str, content: str | bytes) -> list[str]:
    if isinstance(content, str):
        content = content.encode()
    bare = [canary.removeprefix("+") for canary in CANARIES]
    return [f"{canary} in {where}" for canary in bare if canary.encode() in content]


@pytest.fixture
def helpline(own_postgres: TestPostgres, redis_url: str, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline whose database's files are its own, to be searched."""
    with running_helpline(migrate(own_postgres.create_database(), redis_url), tmp_path) as running:
        yield running


def live_through_a_night(helpline: Helpline) -> None:
    """A call and a text, each with everything a counsellor does."""
    counsellor = helpline.hire("one", DEVICE)
    counsellor.be("available")
    child = helpline.dial(CHILD_ON_PHONE)
    child.press("9")
    contact_id = counsellor.accept()["contact_id"]
    counsellor.sees_state(contact_id, "connected")
    counsellor.ask("PUT", f"/contacts/{contact_id}/risk", {"level": "high", "reason": REASON}).raise_for_status()
    record = {"category": "violence.physical", "notes": NOTES}
    counsellor.ask("PUT", f"/contacts/{contact_id}/record", record).raise_for_status()
    child.hang_up()
    counsellor.sees_state(contact_id, "wrap_up")
    counsellor.ask("POST", f"/contacts/{contact_id}/wrap-up", {}).raise_for_status()

    helpline.phones.text(CHILD_IN_TEXT, HELPLINE, TEXT)
    contact_id = counsellor.accept()["contact_id"]
    counsellor.ask("POST", f"/contacts/{contact_id}/messages", {"body": REPLY}).raise_for_status()
    eventually(lambda: any(sent["body"] == REPLY for sent in helpline.phones.texts_at(CHILD_IN_TEXT)))


def test_numbers_and_words_stand_nowhere_but_sealed_in_their_fields(
    helpline: Helpline, own_servers_folder: ServersFolder
):
    live_through_a_night(helpline)

    found = []
    for process in helpline.service.processes[1:]:
        found += find_canaries(f"the {process.name} log", process.log)
    found += find_canaries("the metrics", requests.get(f"{helpline.service.url}/metrics", timeout=5).text)
    found += in_redis(helpline)
    found += in_addresses(helpline)
    found += on_disk(own_servers_folder.path / "postgres")

    assert found == []


def in_redis(helpline: Helpline) -> list[str]:
    redis = Redis.from_url(helpline.valkey.url)
    found = []
    for key in redis.scan_iter():
        # A key may end between being listed and being read.
        found += find_canaries(f"the Redis key {key!r}", key + (redis.dump(key) or b""))
    return found


def in_addresses(helpline: Helpline) -> list[str]:
    posted = requests.get(f"{helpline.service.simulator_url}/sim/webhooks", timeout=5).json()
    asked = requests.get(f"{helpline.service.simulator_url}/sim/rest", timeout=5).json()
    found = []
    for address in [hook["url"] for hook in posted] + [call["path"] for call in asked]:
        found += find_canaries("an address", address)
    return found


def on_disk(folder: Path) -> list[str]:
    """In the database's own files, its write-ahead log among them. What stands there in clear must be found."""
    contents = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert any(b"contact.opened" in content for content in contents.values())
    return [canary for name, content in contents.items() for canary in find_canaries(f"the file {name}", content)]
