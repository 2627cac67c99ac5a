"""The REST interface as a telephone company keeps it: who may call, which fields, which shapes."""

import pytest
import requests
from twilio.rest import Client

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import CHILD, DESK, HELPLINE, Telephone


def test_a_stranger_is_refused(phone: Telephone):
    for auth in (None, (phone.account_sid, "wrong"), ("AC" + "2" * 32, phone.token)):
        reply = requests.get(f"{phone.rest_url}/Calls.json", auth=auth, timeout=5)
        assert reply.status_code == 401
        assert set(reply.json()) == {"code", "message", "more_info", "status"}
        assert reply.json()["code"] == 20003


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/Calls.json", {"To": DESK, "From": HELPLINE, "Url": "http://127.0.0.1/x", "Tiemout": "5"}),
        ("/Calls.json", {"To": DESK, "From": HELPLINE, "Url": "/relative"}),
        ("/Calls.json", {"To": DESK, "From": HELPLINE, "Url": "http://127.0.0.1/x", "Timeout": "soon"}),
        ("/Conferences/room/Participants.json", {"To": DESK, "From": HELPLINE, "Muted": "yes"}),
        ("/Messages.json", {"To": CHILD, "From": HELPLINE, "Text": "hello"}),
    ],
)
def test_a_misspelt_field_or_a_wrong_value_is_refused(phone: Telephone, path: str, form: dict):
    assert phone.rest("POST", path, form, status=400).json()["code"] == 20001


@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        ("/Calls.json", {"From": HELPLINE, "Url": "http://127.0.0.1/x"}, 21201),
        ("/Calls.json", {"To": DESK, "From": HELPLINE}, 21205),
        ("/Messages.json", {"To": CHILD, "Body": "x"}, 21603),
        ("/Messages.json", {"To": CHILD, "From": HELPLINE}, 21602),
        ("/Messages.json", {"To": CHILD, "From": HELPLINE, "Body": "x" * 1601}, 21617),
    ],
)
def test_what_is_missing_is_named_by_its_own_code(phone: Telephone, path: str, form: dict, code: int):
    assert phone.rest("POST", path, form, status=400).json()["code"] == code


def test_an_unknown_address_is_a_404(phone: Telephone):
    assert phone.rest("GET", "/Calls/CA" + "0" * 32 + ".json", status=404).json()["code"] == 20404
    assert phone.rest("GET", "/Nonsense.json", status=404).json()["code"] == 20404


def test_twilios_own_library_reads_every_answer(service: FakeService, phone: Telephone):
    """The library refuses answers that lack what it needs: dates, lists, pages."""
    service.answers("/voice/incoming", '<Enqueue waitUrl="/wait">children</Enqueue>')
    service.answers("/wait", "<Pause length='600'/>")
    sid = phone.dial()
    eventually(lambda: phone.call(sid)["in_queue"])
    client = Client(phone.account_sid, phone.token)
    client.api.base_url = phone.url
    (queue,) = client.queues.list()
    (member,) = client.queues(queue.sid).members.list()
    assert (queue.friendly_name, member.call_sid, member.position) == ("children", sid, 1)
    participant = client.conferences("room").participants.create(from_=HELPLINE, to=DESK, label="police")
    assert participant.status == "queued" and participant.date_created is not None
    (conference,) = client.conferences.list(friendly_name="room", status="init")
    assert client.conferences(conference.sid).participants("police").fetch().call_sid == participant.call_sid
    text = client.messages.create(from_=HELPLINE, to=CHILD, body="hello")
    assert client.messages(text.sid).fetch().date_created is not None
    assert {call.sid for call in client.calls.list()} == {sid, participant.call_sid}
    assert [call.sid for call in client.calls.list(status="in-progress")] == [sid]


def test_long_lists_come_in_pages(service: FakeService, phone: Telephone):
    for number in range(5):
        phone.sim("POST", "/messages", {"from": f"+9745550000{number}", "to": HELPLINE, "body": "hello"})
    client = Client(phone.account_sid, phone.token)
    client.api.base_url = phone.url
    assert len({text.sid for text in client.messages.list(page_size=2)}) == 5
    page = phone.rest("GET", "/Messages.json", {"PageSize": "2"}).json()
    assert len(page["messages"]) == 2 and page["next_page_uri"] and page["previous_page_uri"] is None


@pytest.mark.parametrize(
    ("path", "key", "fields"),
    [
        ("Calls", "calls", "sid status direction to from start_time end_time duration parent_call_sid answered_by"),
        ("Messages", "messages", "sid status direction to from body num_segments error_code date_sent"),
        ("Conferences", "conferences", "sid status friendly_name reason_conference_ended call_sid_ending_conference"),
    ],
)
def test_lists_carry_the_fields_that_others_read(service: FakeService, phone: Telephone, path, key, fields):
    service.answers("/voice/incoming", "<Dial><Conference>room</Conference></Dial>")
    sid = phone.dial()
    eventually(lambda: phone.call(sid)["in_conference"])
    phone.rest("POST", "/Messages.json", {"To": CHILD, "From": HELPLINE, "Body": "hello"}, 201)
    page = phone.rest("GET", f"/{path}.json").json()
    envelope = {"end", "first_page_uri", "next_page_uri", "page", "page_size", "previous_page_uri", "start", "uri"}
    assert set(page) == envelope | {key}
    assert set(fields.split()) <= set(page[key][0])
