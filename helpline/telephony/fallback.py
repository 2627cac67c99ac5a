"""The TwiML of last resort: static, needs nothing of ours alive, and leads to a person.

It is written to a file at deployment and hosted elsewhere as the number's fallback, and our own webhooks
answer with it when they fail. It speaks a calm sentence, gives our service a few chances to come back, rings
the duty phones, names the emergency number, and begins again: it never hangs up on a child.
"""

from config.helpline import Helpline
from helpline.telephony.twiml import Answer, Speaker

RING_SECONDS = 20
PAUSE_SECONDS = 4
CHANCES = 3


def render_static(helpline: Helpline, speaker: Speaker) -> str:
    """The document for a host that is not ours: duty phones at once, then our service again."""
    answer = speaker.answer().say("fault.stay", languages=helpline.languages.offered)
    # With a chance counted, our service, should it be back, asks nothing more: straight to a person.
    return str(_ring_duty_phones(answer, helpline).go_on_at("/voice/incoming", chance=1))


def render_retry(helpline: Helpline, speaker: Speaker, *, chance: int, since: int, danger: bool) -> str:
    """Our own answer when a webhook failed: stay, and try again; after CHANCES, the duty phones.

    `since` is when the child first reached us, in milliseconds of the epoch, and `danger` whether they pressed 9 just
    now; both are carried in the address, so that nothing is lost of what the database could not record.
    """
    answer = speaker.answer().say("fault.stay", languages=helpline.languages.offered).pause(PAUSE_SECONDS)
    if chance >= CHANCES:
        _ring_duty_phones(answer, helpline)
    return str(answer.go_on_at("/voice/incoming", chance=chance + 1, since=since, danger=int(danger)))


def render_hold_retry(helpline: Helpline, speaker: Speaker, *, step: int, danger: bool) -> str:
    """The same for a child who is on hold already: they stay there, and the loop asks again.

    Nothing that leaves the hold queue may stand in its documents; a child who stays in it keeps their place.
    """
    answer = speaker.answer().say("hold.moment", languages=helpline.languages.offered).pause(PAUSE_SECONDS)
    return str(answer.go_on_at("/voice/waiting", n=step, danger=int(danger)))


def _ring_duty_phones(answer: Answer, helpline: Helpline) -> Answer:
    for number in helpline.numbers.duty_phones:
        answer.ring_one(number, helpline.numbers.caller_id, RING_SECONDS)
    return answer.say("fault.emergency", languages=helpline.languages.offered)
