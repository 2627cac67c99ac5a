"""A child, a counsellor and a police desk in one room: who hears whom, and what the service is told."""

import pytest

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import CHILD, COUNSELLOR, DESK, Telephone

ROOM = (
    '<Dial action="/after"><Conference participantLabel="caller" beep="false" endConferenceOnExit="true" '
    'statusCallback="/told" statusCallbackEvent="start end join leave mute hold modify">room</Conference></Dial>'
)


@pytest.fixture
def talking(service: FakeService, phone: Telephone) -> tuple[str, str]:
    """A child and a counsellor who talk: their calls."""
    service.answers("/voice/incoming", ROOM)
    phone.set_phone(COUNSELLOR, "answer")
    child = phone.dial()
    eventually(lambda: phone.call(child)["in_conference"])
    counsellor = phone.add_participant("room", COUNSELLOR, Label="counsellor")
    eventually(lambda: "conference-start" in service.events("/told"))
    return child, counsellor


def participants(phone: Telephone) -> dict[str, dict]:
    found = phone.rest("GET", f"/Conferences/{conference_sid(phone)}/Participants.json").json()["participants"]
    return {participant["label"]: participant for participant in found}


def conference_sid(phone: Telephone) -> str:
    rooms = phone.rest("GET", "/Conferences.json", {"FriendlyName": "room"}).json()["conferences"]
    return rooms[0]["sid"]


def speak(phone: Telephone, sid: str, text: str) -> list[str]:
    return phone.sim("POST", f"/calls/{sid}/speak", {"text": text})["heard_by"]


def test_two_who_talk_hear_each_other(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    assert speak(phone, counsellor, "مرحبا، أنا معك") == [child]
    assert speak(phone, child, "أنا خائف") == [counsellor]
    heard = phone.call(child)["heard"][-1]
    assert (heard["kind"], heard["text"], heard["speaker"]) == ("voice", "مرحبا، أنا معك", COUNSELLOR)


def test_a_desk_is_rung_in_as_the_third(service: FakeService, phone: Telephone, talking):
    phone.set_phone(DESK, "answer")
    desk = phone.add_participant("room", DESK, Label="police")
    eventually(lambda: participants(phone).get("police", {}).get("status") == "connected")
    assert set(speak(phone, desk, "I have the child")) == set(talking)


def test_who_is_on_hold_hears_the_hold_document_and_nobody(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    service.answers("/hold", "<Say>I am coming back</Say><Pause length='5'/>")
    path = f"/Conferences/{conference_sid(phone)}/Participants/caller.json"
    phone.rest("POST", path, {"Hold": "true", "HoldUrl": f"{service.url}/hold"})
    phone.wait_until_heard(child, "I am coming back")
    assert speak(phone, counsellor, "not for the child") == []
    phone.rest("POST", path, {"Hold": "false"})
    assert speak(phone, counsellor, "I am back") == [child]
    eventually(lambda: service.events("/told")[-2:] == ["participant-hold", "participant-unhold"])


def test_a_muted_listener_hears_and_is_not_heard(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    phone.set_phone("+97455500900", "answer")
    lead = phone.add_participant("room", "+97455500900", Label="lead", Muted="true")
    eventually(lambda: phone.call(lead)["in_conference"])
    assert speak(phone, lead, "unheard") == []
    assert lead in speak(phone, child, "hello")


def test_a_coach_is_heard_by_the_coached_only(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    phone.set_phone("+97455500900", "answer")
    lead = phone.add_participant("room", "+97455500900", Label="lead", Coaching="true", CallSidToCoach=counsellor)
    eventually(lambda: phone.call(lead)["in_conference"])
    assert speak(phone, lead, "ask where she is") == [counsellor]


@pytest.mark.parametrize(("behaviour", "status"), [("busy", "busy"), ("no_answer", "no-answer"), ("failed", "failed")])
def test_a_desk_that_does_not_answer_leaves_as_not_added(
    service: FakeService, phone: Telephone, talking, behaviour: str, status: str
):
    phone.set_phone(DESK, behaviour)
    desk = phone.add_participant("room", DESK, Label="police", Timeout="10")
    phone.wait_for_status(desk, status)
    left = eventually(lambda: [told for told in service.requests_to("/told") if told.get("CallSid") == desk])
    assert [told["StatusCallbackEvent"] for told in left] == ["participant-leave"]
    assert (left[0]["ReasonParticipantLeft"], left[0]["ParticipantCallStatus"]) == ("participant_add_failed", status)
    assert set(participants(phone)) == {"caller", "counsellor"}


def test_the_counsellor_may_leave_and_the_others_go_on(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    phone.set_phone(DESK, "answer")
    desk = phone.add_participant("room", DESK, Label="police")
    eventually(lambda: phone.call(desk)["in_conference"])
    phone.sim("POST", f"/calls/{counsellor}/hangup")
    eventually(lambda: "counsellor" not in participants(phone))
    assert speak(phone, desk, "we are on our way") == [child]


def test_the_conference_ends_with_the_child(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    phone.sim("POST", f"/calls/{child}/hangup")
    phone.wait_for_status(counsellor, "completed")
    eventually(lambda: service.events("/told")[-1] == "conference-end")
    end = service.requests_to("/told")[-1]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (child, "caller")
    assert eventually(lambda: service.events("/after", "DialCallStatus")) == ["answered"]


def test_events_are_numbered_in_order_and_carry_the_label(service: FakeService, phone: Telephone, talking):
    told = service.requests_to("/told")
    assert [params["SequenceNumber"] for params in told] == [str(n + 1) for n in range(len(told))]
    joins = [params for params in told if params["StatusCallbackEvent"] == "participant-join"]
    assert [params["ParticipantLabel"] for params in joins] == ["caller", "counsellor"]
    assert joins[0]["FriendlyName"] == "room" and joins[0]["EndConferenceOnExit"] == "true"


def test_a_phone_still_ringing_when_the_conference_ends_is_taken_back(service: FakeService, phone: Telephone, talking):
    desk = phone.add_participant("room", DESK, Label="police")
    phone.wait_for_status(desk, "ringing")
    phone.rest("POST", f"/Conferences/{conference_sid(phone)}.json", {"Status": "completed"})
    phone.wait_for_status(desk, "canceled")


def test_who_is_put_out_goes_on_with_the_action(service: FakeService, phone: Telephone, talking):
    child, _ = talking
    service.answers("/after", "<Say>one moment</Say><Pause length='600'/>")
    phone.rest("DELETE", f"/Conferences/{conference_sid(phone)}/Participants/{child}.json", status=204)
    phone.wait_until_heard(child, "one moment")


def test_a_label_can_be_used_once(service: FakeService, phone: Telephone, talking):
    form = {"From": "+97444000000", "To": DESK, "Label": "counsellor"}
    reply = phone.rest("POST", "/Conferences/room/Participants.json", form, status=400)
    assert reply.json()["code"] == 16025


def test_an_announcement_is_heard_by_whom_it_is_for(service: FakeService, phone: Telephone, talking):
    child, counsellor = talking
    service.answers("/announcement", "<Say>a police officer joins us</Say>")
    path = f"/Conferences/{conference_sid(phone)}/Participants/caller.json"
    phone.rest("POST", path, {"AnnounceUrl": f"{service.url}/announcement"})
    phone.wait_until_heard(child, "a police officer joins us")
    assert "a police officer joins us" not in phone.heard(counsellor)


def test_a_voicemail_speaks_and_is_recognised(service: FakeService, phone: Telephone, talking):
    phone.set_phone(DESK, "voicemail")
    phone.add_participant(
        "room", DESK, Label="police", MachineDetection="Enable", AmdStatusCallback=f"{service.url}/machine"
    )
    (told,) = eventually(lambda: service.requests_to("/machine"))
    assert told["AnsweredBy"] == "machine_start"
    eventually(lambda: any("leave a message" in text for text in phone.heard(talking[0])))


def test_a_dialled_phone_that_answers_is_joined(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", f'<Dial action="/after" timeout="20"><Number>{DESK}</Number></Dial>')
    service.answers("/after", "<Say>goodbye</Say>")
    phone.set_phone(DESK, "answer")
    child = phone.dial()
    eventually(lambda: phone.call(child)["bridged_to"])
    (desk,) = phone.sim("GET", f"/phones/{DESK}")["calls"]
    assert (desk["direction"], desk["parent_sid"], desk["from"]) == ("outbound-dial", child, CHILD)
    assert speak(phone, desk["sid"], "police, hello") == [child]
    phone.sim("POST", f"/calls/{desk['sid']}/hangup")
    phone.wait_for_status(child, "completed")
    after = service.requests_to("/after")[0]
    assert (after["DialCallStatus"], after["DialCallSid"], after["DialBridged"]) == ("completed", desk["sid"], "true")


def test_a_dialled_phone_that_does_not_answer_is_told_to_the_action(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", f'<Dial action="/after" timeout="5"><Number>{DESK}</Number></Dial>')
    service.answers("/after", "<Say>we try another desk</Say>")
    child = phone.dial()
    phone.wait_for_status(child, "completed")
    assert service.requests_to("/after")[0]["DialCallStatus"] == "no-answer"
    assert phone.heard(child) == ["we try another desk"]
