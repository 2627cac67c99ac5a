"""Judges a step of a flow by the answer that it becomes: would the telephone company take it, and does it lead on?"""

from collections.abc import Iterator
from xml.etree import ElementTree

from helpline.telephony.twiml import Speaker, text_reply
from helpline.telephony.twiml_check import check_twiml, leads_on
from ivr_flows.events import Say
from ivr_flows.model import Flow, Step
from ivr_flows.prove import Judge


def judge_twiml(speaker: Speaker) -> Judge:
    """A judge for `ivr_flows.prove`: renders each step as the service does and checks what comes out."""

    def judge(flow: Flow, step: Step) -> Iterator[str]:
        if flow.kind == "text":
            yield from _judge_text(speaker, step)
            return
        answer = speaker.answer().follow(step.events, "/voice/step?n=1")
        xml = str(answer.hold(1) if step.outcome else answer)
        yield from check_twiml(xml, on_hold=flow.kind == "waiting")
        if not leads_on(xml):
            yield "the answer ends the call"

    return judge


def _judge_text(speaker: Speaker, step: Step) -> Iterator[str]:
    said = [prompt for event in step.events if isinstance(event, Say) for prompt in event.prompts]
    body = " ".join(speaker.text(prompt.key, prompt.language) for prompt in said)
    sent = ElementTree.fromstring(text_reply(body, speaker.address("/sms/status"))).findtext("Message")
    if sent != body:
        yield "the text does not arrive as it is written"
