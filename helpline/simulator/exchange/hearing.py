"""Who hears whom: the people in one conference, a coach and the coached, two legs of one dialled call."""

from helpline.simulator.exchange.calls import Call, Heard


def say_aloud(call: Call, text: str, language: str = "") -> list[Call]:
    """A person on this leg speaks; whoever can hear them does. An open <Gather> takes it as its answer.

    Returns the legs that heard it.
    """
    with call.line.lock:
        call.said.append(Heard("voice", text, language))
        if call.listening and call.listening.takes_speech and not call.listening.digits:
            call.listening.speech = text
            call.wake()
        listeners = find_listeners(call)
        for listener in listeners:
            listener.hear(Heard("voice", text, language, speaker=call.person))
        if call.participant and call.participant.joined_at:
            call.participant.conference.tell("participant-speech-start", call.participant)
            call.participant.conference.tell("participant-speech-stop", call.participant)
        return listeners


def find_listeners(call: Call) -> list[Call]:
    """The legs that hear what is said on this one. The caller holds the line's lock."""
    if call.bridged_to:
        return [call.bridged_to]
    speaker = call.participant
    if speaker is None or not speaker.joined_at or speaker.muted or speaker.waits_for():
        return []
    others = [other for other in speaker.conference.joined if other is not speaker and not other.hold]
    if speaker.coaching:
        others = [other for other in others if other.call.sid == speaker.coached_call_sid]
    return [other.call for other in others]
