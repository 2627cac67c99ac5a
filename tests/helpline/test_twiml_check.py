"""The check of our own answers: it finds what the telephone company would leave out, and an answer that ends a call."""

import pytest

from helpline.line import Line
from helpline.telephony.judging import judge_twiml
from helpline.telephony.twiml_check import check_twiml, leads_on
from ivr_flows.prove import prove

SAY = '<Say voice="Polly.Zeina" language="arb">مرحبا</Say>'
ASK = "https://help.example.org/voice/step?n=1"
FAULTY = {
    "no XML": ("<Response>", "is not XML"),
    "another root": ("<Answer/>", "not <Response>"),
    "an unknown verb": ("<Response><Whisper/></Response>", "<Whisper> may not stand"),
    "an unknown attribute": ('<Response><Pause seconds="1"/></Response>', "no attribute 'seconds'"),
    "a number for nothing": ('<Response><Pause length="soon"/></Response>', "is not 1-180"),
    "yes for true": (f'<Response><Gather actionOnEmptyResult="yes">{SAY}</Gather></Response>', "is not yes_no"),
    "a letter to end with": (f'<Response><Gather finishOnKey="x">{SAY}</Gather></Response>', "is not key"),
    "a ring inside a question": (f'<Response><Gather action="{ASK}"><Dial/></Gather></Response>', "in <Gather>"),
    "an event of no room": (
        '<Response><Dial><Conference statusCallbackEvent="start sneeze">r</Conference></Dial></Response>',
        "is not several",
    ),
    "nothing said": ('<Response><Say voice="Polly.Zeina" language="arb"/></Response>', "<Say> is empty"),
    "a voice of another language": (
        '<Response><Say voice="Polly.Zeina" language="en-GB">Hello</Say></Response>',
        "no voice 'Polly.Zeina' for 'en-GB'",
    ),
    "nowhere to go on": ("<Response><Redirect>over there</Redirect></Response>", "names no address"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_answer_is_found(name: str):
    xml, words = FAULTY[name]
    assert any(words in fault for fault in check_twiml(xml)), check_twiml(xml)


def test_a_call_can_not_be_rung_on_from_inside_the_hold_queue():
    xml = "<Response><Enqueue>hold</Enqueue></Response>"
    assert check_twiml(xml) == []
    assert check_twiml(xml, on_hold=True) == ["<Enqueue> may not stand in <Response>"]


@pytest.mark.parametrize(
    ("xml", "goes_on"),
    [
        (f"<Response>{SAY}<Redirect>{ASK}</Redirect></Response>", True),
        (f'<Response><Enqueue action="{ASK}">hold</Enqueue></Response>', True),
        (f"<Response>{SAY}</Response>", False),
        ("<Response/>", False),
        ("<Response><Dial><Number>+97455000901</Number></Dial></Response>", False),
        (f"<Response><Hangup/><Redirect>{ASK}</Redirect></Response>", False),
    ],
)
def test_an_answer_that_ends_the_call_is_told_from_one_that_leads_on(xml: str, goes_on: bool):
    assert leads_on(xml) is goes_on


def test_every_answer_of_every_flow_is_sound_and_leads_on(line: Line):
    proof = prove(line.flows, judge_twiml(line.speaker))
    assert proof.faults == ()
    assert sum(covered.ways for covered in proof.covered) > 5000
