"""What the service is told about a call: the fields of every voice webhook, and the progress of a leg."""

from helpline.simulator.account import API_VERSION
from helpline.simulator.exchange.calls import Call
from helpline.simulator.moments import now, rfc_2822, seconds_between
from helpline.simulator.wire.callbacks import Callback, CallbackPlan

_STATUS_AT = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


def voice_params(call: Call) -> dict[str, str]:
    """The fields that every webhook about a call carries."""
    params = {
        "CallSid": call.sid,
        "AccountSid": call.line.account.sid,
        "From": call.from_number,
        "To": call.to_number,
        "Caller": call.from_number,
        "Called": call.to_number,
        "CallStatus": call.end_status or call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
        **_places("From", "Caller"),
        **_places("To", "Called"),
    }
    if call.parent_sid:
        params["ParentCallSid"] = call.parent_sid
    if call.answered_by:
        params["AnsweredBy"] = call.answered_by
    return params


def _places(*who: str) -> dict[str, str]:
    """Twilio sends these blank for numbers it cannot place; blank fields are signed as well."""
    return {f"{name}{part}": "" for name in who for part in ("City", "State", "Zip", "Country")}


def tell_progress(call: Call, event: str) -> None:
    """Report initiated, ringing, answered or completed, if the leg's owner asked for it."""
    with call.line.lock:
        plan = call.callback
        if plan is None or event not in plan.events:
            return
        params = voice_params(call) | {
            "CallStatus": _STATUS_AT.get(event, call.status),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.callbacks_sent),
            "Timestamp": rfc_2822(now()),
        }
        if event == "completed":
            talked_s = seconds_between(call.answered_at, call.ended_at)
            params |= {"CallDuration": str(talked_s), "Duration": str(-(-talked_s // 60))}
        call.callbacks_sent += 1
        call.line.callbacks.send(Callback(call.sid, "call-status", event, plan.url, params, plan.method))


def tell_who_answered(call: Call) -> None:
    """Report whether a person or a machine picked up, where the leg's owner asked for it."""
    plan: CallbackPlan | None = call.machine_callback
    if plan is None or call.answered_by is None:
        return
    params = {
        "CallSid": call.sid,
        "AccountSid": call.line.account.sid,
        "AnsweredBy": call.answered_by,
        "MachineDetectionDuration": "1800",
    }
    call.line.callbacks.send(Callback(call.sid, "machine-detection", "amd", plan.url, params, plan.method))
