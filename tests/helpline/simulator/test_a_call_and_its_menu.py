"""A child calls, hears a menu, presses or stays silent, and hangs up."""

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import CHILD, HELPLINE, Telephone

MENU = '<Gather numDigits="1" action="chosen" timeout="5" {more}><Say language="ar-AE">{prompt}</Say></Gather>'


def menu(prompt: str = "أهلا بك، أنت لست وحدك", more: str = "") -> str:
    return MENU.format(prompt=prompt, more=more)


def test_the_first_request_tells_who_calls_and_rings(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", "<Hangup/>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    first = service.requests_to("/voice/incoming")[0]
    assert (first["CallSid"], first["From"], first["To"]) == (sid, CHILD, HELPLINE)
    assert (first["CallStatus"], first["Direction"], first["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert (first["Caller"], first["Called"]) == (CHILD, HELPLINE)


def test_a_key_during_the_prompt_stops_it_and_is_sent_to_the_action(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", menu("a very long prompt " * 400))
    service.answers("/voice/chosen", "<Say>thank you</Say><Pause length='600'/>")
    sid = phone.dial()
    eventually(lambda: phone.heard(sid))
    assert phone.press(sid, "2") is True
    phone.wait_until_heard(sid, "thank you")
    chosen = service.requests_to("/voice/chosen")[0]
    assert (chosen["Digits"], chosen["CallStatus"]) == ("2", "in-progress")


def test_a_key_during_the_first_of_two_prompts_spares_the_second(service: FakeService, phone: Telephone):
    two = "<Say>" + "in Arabic " * 400 + "</Say><Say>in English</Say>"
    service.answers("/voice/incoming", f'<Gather numDigits="1" action="/chosen" timeout="60">{two}</Gather>')
    service.answers("/chosen", "<Say>thank you</Say>")
    sid = phone.dial()
    eventually(lambda: phone.heard(sid))
    phone.press(sid, "9")
    phone.wait_for_status(sid, "completed")
    assert phone.heard(sid)[1:] == ["thank you"]


def test_what_is_said_arrives_with_its_language(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Say language="ar-AE" voice="Polly.Hala-Neural">مرحبا</Say>')
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    (heard,) = phone.call(sid)["heard"]
    assert (heard["kind"], heard["text"], heard["language"], heard["voice"]) == (
        "say",
        "مرحبا",
        "ar-AE",
        "Polly.Hala-Neural",
    )


def test_silence_falls_through_to_the_next_verb(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", menu() + "<Say>still here</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    assert phone.heard(sid)[-1] == "still here"
    assert service.requests_to("/voice/chosen") == []


def test_silence_is_told_to_the_action_when_it_asks(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", menu(more='actionOnEmptyResult="true"'))
    service.answers("/voice/chosen", "<Say>you need not speak</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    assert service.requests_to("/voice/chosen")[0]["Digits"] == ""
    assert "you need not speak" in phone.heard(sid)


def test_the_finishing_key_is_not_part_of_the_digits(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Gather action="/pin" timeout="60"/>')
    service.answers("/pin", "<Hangup/>")
    sid = phone.dial()
    eventually(lambda: phone.call(sid)["listening"])
    phone.press(sid, "4711#")
    phone.wait_for_status(sid, "completed")
    assert service.requests_to("/pin")[0]["Digits"] == "4711"


def test_speech_is_an_answer_where_speech_is_taken(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Gather input="dtmf speech" action="/heard" timeout="60"/>')
    service.answers("/heard", "<Hangup/>")
    sid = phone.dial()
    eventually(lambda: phone.call(sid)["listening"])
    phone.sim("POST", f"/calls/{sid}/speak", {"text": "ساعدوني"})
    phone.wait_for_status(sid, "completed")
    heard = service.requests_to("/heard")[0]
    assert heard["SpeechResult"] == "ساعدوني"
    assert "Digits" not in heard


def test_keys_that_nothing_listens_for_are_lost(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", "<Pause length='600'/>")
    sid = phone.dial()
    phone.wait_for_status(sid, "in-progress")
    assert phone.press(sid, "1") is False


def test_hanging_up_is_told_once_with_the_duration(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", "<Pause length='600'/>")
    sid = phone.dial()
    phone.wait_for_status(sid, "in-progress")
    phone.sim("POST", f"/calls/{sid}/hangup")
    (told,) = eventually(lambda: service.requests_to("/voice/status"))
    assert (told["CallSid"], told["CallStatus"]) == (sid, "completed")
    assert (told["CallbackSource"], told["SequenceNumber"]) == ("call-progress-events", "0")
    assert told["CallDuration"].isdigit() and told["Timestamp"].endswith("+0000")


def test_a_rejected_call_is_never_answered(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Reject reason="busy"/>')
    sid = phone.dial()
    phone.wait_for_status(sid, "busy")
    assert phone.heard(sid) == []


def test_a_misspelt_attribute_is_noted_and_the_call_goes_on(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Say lang="ar">hello</Say><Shout>hello</Shout>')
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    notes = [entry["text"] for entry in phone.call(sid)["log"]]
    assert "12200 <Say> has no attribute lang" in notes
    assert "12200 <Shout> is not known inside <Response>" in notes
    assert phone.dead_lines() == []
