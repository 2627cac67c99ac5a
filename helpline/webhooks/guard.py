"""The guard of every webhook, and the promise that a voice webhook always answers with a way to a person."""

import time
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import Response, abort, current_app, request
from prometheus_client import Counter, Histogram
from werkzeug.exceptions import HTTPException

from helpline.line import Line
from helpline.outbox.bell import commit, roll_back
from helpline.store.db import db
from helpline.telephony.fallback import render_hold_retry, render_retry
from helpline.telephony.inbound import field
from helpline.telephony.signature import SignatureCheck, raw_target

log = structlog.get_logger()

FAILED = Counter("helpline_webhooks_failed_total", "Webhooks answered with the fallback", ["route"])
REFUSED = Counter("helpline_webhooks_refused_total", "Webhooks that were not from our telephone company", ["route"])
SECONDS = Histogram("helpline_webhook_seconds", "Time to answer a webhook", ["route"])
LONGEST_SID = 64
HOLD_LOOP = "/voice/waiting"
STAY_S = 3

View = Callable[..., str]


def the_line() -> Line:
    """The line that this application serves."""
    return current_app.extensions["helpline"]


def from_phone_company(view: Callable) -> Callable:
    """Let in only what our telephone company has signed, from our account. Everything else is a plain 403."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not _is_genuine():
            REFUSED.labels(request.endpoint).inc()
            abort(403)
        with SECONDS.labels(request.endpoint).time():
            return view(*args, **kwargs)

    guarded.guard = "phone company signature"
    return guarded


def _is_genuine() -> bool:
    check: SignatureCheck = current_app.extensions["signature_check"]
    form = request.form
    try:
        signed = check.passes(request.headers.get("X-Twilio-Signature"), raw_target(request.environ), form)
    except (ValueError, TypeError):  # nothing that is posted may become an error page
        return False
    return signed and form.get("AccountSid") == the_line().settings.twilio_account_sid


def open_to_whoever_plays(view: Callable) -> Callable:
    """For sounds that every caller hears: nobody has to be told who asks for them."""
    view.guard = "recordings are public"
    return view


def calls_us(form_field: str, ours: tuple[str, ...], *, or_from: str | None = None) -> None:
    """Refuse a webhook about a call or text to a number that is not ours, or without a name of its own.

    `or_from` is the number that we call from: a child whom we have called back may come by here as well.
    """
    sid = field(request.form, form_field)
    concerns_us = request.form.get("To") in ours or (or_from is not None and request.form.get("From") == or_from)
    if not concerns_us or not 0 < len(sid) <= LONGEST_SID:
        abort(403)


def speaks(view: View) -> Callable[..., Response]:
    """Commit what the view did and answer with its TwiML. If anything fails, the call is led to a person anyway."""
    return _speaking(view, _lead_to_person)


def asks_again(view: View) -> Callable[..., Response]:
    """As `speaks`, for a phone that we have rung ourselves. If anything fails: please stay, and the same address again.

    It is asked again without the keys, so whoever answers is asked once more for what they had pressed.
    """
    return _speaking(view, _ask_again)


def _speaking(view: View, after_fault: Callable[[], str]) -> Callable[..., Response]:
    @wraps(view)
    def speaking(*args: Any, **kwargs: Any) -> Response:
        try:
            answer = view(*args, **kwargs)
            commit(db.session(), the_line().bell)
        except HTTPException:
            raise  # refused on purpose: not ours, or not signed
        except Exception as error:  # noqa: BLE001 - whatever went wrong, a child or someone who can help one is on the line
            _note_failure(error)
            answer = after_fault()
        return Response(answer, content_type="text/xml; charset=utf-8")

    return speaking


def danger_pressed() -> bool:
    """Whether 9 was pressed now, or just before a fault of ours that carried it along in the address."""
    return "9" in field(request.form, "Digits") or request.args.get("danger") == "1"


def _ask_again() -> str:
    line = the_line()
    stay = line.speaker.answer().say("hold.moment", languages=line.helpline.languages.offered)
    return str(stay.pause(STAY_S).go_on_at(request.path, **request.args))


def _note_failure(error: Exception) -> None:
    roll_back(db.session())
    FAILED.labels(request.endpoint).inc()
    log.error("webhook_failed", route=request.endpoint, fault=type(error).__name__, at=_place_of(error))


def _lead_to_person() -> str:
    line, danger = the_line(), danger_pressed()
    if request.path == HOLD_LOOP:
        return render_hold_retry(line.helpline, line.speaker, step=request.args.get("n", 0, type=int), danger=danger)
    return render_retry(
        line.helpline,
        line.speaker,
        chance=request.args.get("chance", 0, type=int),
        since=request.args.get("since", int(time.time() * 1000), type=int),
        danger=danger,
    )


def _place_of(error: Exception) -> list[str]:
    # The error's own words stay out of the log: a database error repeats the values it failed on.
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
