"""What a person can do with the phone in their hand: press keys, speak, answer, decline, hang up."""

from helpline.simulator.exchange.calls import Call, Heard


class NotRinging(Exception):
    """This leg cannot be answered or declined now."""


def press_keys(call: Call, digits: str) -> bool:
    """Press keys one after the other; False when nothing was listening, so the tones went nowhere."""
    with call.line.lock:
        call.pressed_star = call.pressed_star or "*" in digits
        taken = [_press(call, digit) for digit in digits]
        call.said.append(Heard("keys", digits))
        call.note(f"pressed {digits}" + ("" if any(taken) else " (nothing was listening)"))
        call.wake()
        return any(taken)


def _press(call: Call, digit: str) -> bool:
    listening = call.listening
    if listening is None or listening.done or not listening.takes_keys or listening.speech is not None:
        return False
    if digit in listening.finish_on:
        listening.done = True
        return True
    listening.digits += digit
    listening.done = len(listening.digits) == listening.digits_wanted
    return True


def answer_phone(call: Call) -> None:
    """Pick up a phone that rings; raises NotRinging."""
    _decide(call, "answer")


def decline_call(call: Call) -> None:
    """Refuse a call that rings; the other side finds the phone busy. Raises NotRinging."""
    _decide(call, "busy")


def _decide(call: Call, wish: str) -> None:
    with call.line.lock:
        if call.direction == "inbound" or call.status != "ringing" or call.answer_wish:
            raise NotRinging(call.sid)
        call.answer_wish = wish
        call.wake()


def hang_up_phone(call: Call) -> None:
    """Put the phone down. A phone that still rings is declined."""
    if call.direction != "inbound" and call.answered_at is None:
        call.end("busy", "declined")
    else:
        call.end("completed", "hung up")
