"""Verbs that speak and listen: Say, Play, Pause, Gather."""

from collections.abc import Callable

from helpline.simulator.exchange.calls import DocumentRequest, Heard, Listening
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import Execution, seconds_to_say

SECONDS_OF_A_RECORDING = 4.0
SECONDS_A_TONE = 0.5
MOST_REPEATS = 1000


def never() -> bool:
    """The stop condition of a prompt that nothing interrupts."""
    return False


def say(execution: Execution, verb: Verb, until: Callable[[], bool] = never) -> None:
    """Read a text aloud, as often as `loop` asks (0: as often as Twilio ever would)."""
    heard = Heard("say", verb.text, verb.get("language", "en-US"), verb.get("voice"))
    _repeat(execution, verb, heard, seconds_to_say(verb.text), until)


def play(execution: Execution, verb: Verb, until: Callable[[], bool] = never) -> None:
    """Play a recording, or tones to whoever is at the other end."""
    tones = verb.get("digits")
    heard = Heard("play", f"tones {tones}" if tones else verb.text)
    seconds = len(tones) * SECONDS_A_TONE if tones else SECONDS_OF_A_RECORDING
    _repeat(execution, verb, heard, seconds, until)


def pause(execution: Execution, verb: Verb, until: Callable[[], bool] = never) -> None:
    """Be silent for `length` seconds."""
    execution.pause(verb.number("length", 1), until)


def _repeat(execution: Execution, verb: Verb, heard: Heard, seconds: float, until) -> None:
    for _ in range(verb.number("loop", 1) or MOST_REPEATS):
        if execution.play(heard, seconds, until):
            return


PROMPTS = {"Say": say, "Play": play, "Pause": pause}


def gather(execution: Execution, verb: Verb) -> DocumentRequest | None:
    """Speak the nested prompts and take keys or speech; leads to `action`, or on to the next verb."""
    call = execution.call
    listening = _open_ears(verb)
    with call.line.lock:
        call.listening = listening
    try:
        for prompt in verb.children:
            if listening.begun:
                break
            PROMPTS[prompt.name](execution, prompt, lambda: listening.begun)
        _listen(execution, listening, verb.number("timeout", 5))
    finally:
        with call.line.lock:
            call.listening = None
    return _result(execution, verb, listening)


def _open_ears(verb: Verb) -> Listening:
    wanted = verb.number("numDigits", 0)
    kinds = verb.get("input", "dtmf").split()
    return Listening("dtmf" in kinds, "speech" in kinds, wanted or None, verb.get("finishOnKey", "#"))


def _listen(execution: Execution, listening: Listening, timeout_s: float) -> None:
    """Wait for the first key or word, then for each further key; every key starts the time anew."""
    while not listening.done and listening.speech is None:
        so_far = len(listening.digits)

        def something_new(so_far=so_far) -> bool:
            return listening.done or listening.speech is not None or len(listening.digits) > so_far

        if not execution.pause(timeout_s, something_new):
            return


def _result(execution: Execution, verb: Verb, listening: Listening) -> DocumentRequest | None:
    if listening.speech is not None:
        result = {"SpeechResult": listening.speech, "Confidence": "0.9"}
    elif listening.digits or verb.yes("actionOnEmptyResult"):
        result = {"Digits": listening.digits}
    else:
        return None
    return execution.leading_to(verb, **result)
