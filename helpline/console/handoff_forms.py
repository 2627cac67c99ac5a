"""What can be done about a hand-off now by this person, and what each act asks for. The page draws a form for each."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpline.handoff.acts import FEEDBACKS, FOLLOW_UPS, REFUSALS
from helpline.handoff.appeal import ANSWERS
from helpline.handoff.milestones import MILESTONE_ANSWERS, list_milestones
from helpline.handoff.models import Handoff
from helpline.handoff.offers import list_live_offers
from helpline.handoff.partner_acts import DECLINE_CODES
from helpline.handoff.progress import RETURN_REASONS
from helpline.handoff.special_models import PARTIES
from helpline.handoff.stopping import CANCEL_REASONS, ERROR_REASONS, FAIL_REASONS, PLANS, RECALL_ANSWERS
from helpline.handoff.transitions import TRANSITIONS
from helpline.handoff.transport import ESCORTS, MODES
from helpline.line import Line
from helpline.staff.models import Staff

WRITTEN_DOWN = ("name", "badge", "incident_number", "no_incident_reason", "receipt_number")
# Which rows of the table an act may be; it is shown where one of them leads on from here for this role.
ROWS = {
    "start": ("start", "ask_approval"),
    "approve": ("approve",),
    "refuse": ("refuse",),
    "take": ("take",),
    "acknowledge": ("acknowledge_offer", "acknowledge_inbound"),
    "accept": ("accept", "accept_placement", "accept_inbound"),
    "decline": ("decline", "decline_inbound"),
    "transport": ("arrive",),
    "advance": ("advance",),
    "milestone": ("advance", "close"),
    "confirm": ("confirm",),
    "close": ("close",),
    "reroute": ("reroute",),
    "return": ("hand_back", "give_back", "return_to_origin"),
    "supplement": ("advance", "close"),
    "appeal": ("advance",),
    "decide_appeal": ("advance",),
    "tip": ("advance",),
    "refer_on": ("advance", "close"),
    "cancel": ("cancel", "cancel_unreachable", "ask_cancel"),
    "agree_cancel": ("agree_cancel",),
    "recall": ("recall",),
    "attest_recall": ("attest_recall",),
    "reopen": ("reopen",),
    "fail": ("fail",),
    "enter_in_error": ("enter_in_error",),
}


@dataclass(frozen=True)
class Field:
    """One field of a form: a choice of codes, a line of text, many lines, a number, or yes and no."""

    name: str
    kind: str = "line"
    options: tuple[str, ...] = ()
    required: bool = True


def list_forms(session: Session, line: Line, handoff: Handoff, staff: Staff) -> list[tuple[str, list[Field]]]:
    """Each act that leads on from here for this person, with its fields, the most needed first."""
    asks = _fields(session, line, handoff)
    return [(act, asks[act]) for act, rows in ROWS.items() if act in asks and _leads_on(handoff, staff, rows)]


def _leads_on(handoff: Handoff, staff: Staff, rows: tuple[str, ...]) -> bool:
    return any(handoff.state in TRANSITIONS[row].came_from and staff.role in TRANSITIONS[row].who for row in rows)


def _fields(session: Session, line: Line, handoff: Handoff) -> dict[str, list[Field]]:
    workflow, inbound = handoff.workflow_as_started, handoff.direction == "in"
    asked = [offer.partner for offer in list_live_offers(session, handoff)] if handoff.accepted_at is None else []
    which = [Field("partner", "partner", tuple(asked or line.partners))]
    looks = tuple(milestone.code for milestone in list_milestones(session, handoff) if not milestone.answered_at)
    asks: dict[str, list[Field]] = {
        "start": [],
        "approve": [],
        "refuse": [_choose("reason", REFUSALS)],
        "take": [],
        "acknowledge": [] if inbound else which,
        "accept": [] if inbound else [*_acceptance(workflow.accept_requires, workflow.services), *which],
        "decline": [_choose("code", DECLINE_CODES), *([] if inbound else which)],
        "confirm": [_choose("outcome", workflow.outcomes), Field("by")],
        "close": _closing(workflow.close_requires),
        "reroute": [],
        "return": [_choose("reason", RETURN_REASONS)],
        "refer_on": [_choose("workflow", _onward(line, handoff))],
        "cancel": [_choose("reason", CANCEL_REASONS)],
        "agree_cancel": [Field("by")],
        "recall": [],
        "attest_recall": [_choose("answer", RECALL_ANSWERS), Field("by", required=False)],
        "reopen": [],
        "fail": [_choose("reason", FAIL_REASONS), _choose("plan", PLANS)],
        "enter_in_error": [_choose("reason", ERROR_REASONS)],
    }
    wanted: list[tuple[bool, str, Callable[[], list[Field]]]] = [
        (bool(workflow.phases), "advance", lambda: _phases(handoff)),
        (bool(looks), "milestone", lambda: [_choose("milestone", looks), _choose("answer", MILESTONE_ANSWERS)]),
        (handoff.responsible == "shared", "transport", _journey),
        (workflow.serial, "supplement", lambda: [Field("text", "lines")]),
        ("publicity" in handoff_phases(handoff), "appeal", lambda: [Field("text", "lines")]),
        ("publicity" in handoff_phases(handoff), "decide_appeal", _decision),
        ("found" in handoff_phases(handoff), "tip", lambda: [Field("text", "lines")]),
    ]
    return asks | {act: make() for there, act, make in wanted if there}


def handoff_phases(handoff: Handoff) -> tuple[str, ...]:
    """The steps that this hand-off may have."""
    return tuple(phase.code for phase in handoff.workflow_as_started.phases)


def _choose(name: str, options: tuple[str, ...]) -> Field:
    return Field(name, "code", tuple(options))


def _acceptance(needs: tuple[str, ...], services: tuple[str, ...]) -> list[Field]:
    asked = ["name", "badge"] if "name_or_badge" in needs else []
    asked += ["incident_number", "no_incident_reason"] if "incident_number_or_reason" in needs else []
    asked += ["receipt_number"] if "receipt_number" in needs else []
    fields = [Field(name, required=name == "receipt_number") for name in asked]
    return fields + [Field(f"service.{service}", "service") for service in services]


def _closing(needs: tuple[str, ...]) -> list[Field]:
    fields = [_choose("follow_up", FOLLOW_UPS)] if "follow_up" in needs else []
    return fields + ([_choose("feedback", FEEDBACKS)] if "feedback" in needs else [])


def _phases(handoff: Handoff) -> list[Field]:
    return [_choose("phase", handoff_phases(handoff)), Field("code_word", required=False)]


def _journey() -> list[Field]:
    return [
        _choose("mode", MODES),
        _choose("escort", ESCORTS),
        Field("same_sex", "yes_no"),
        Field("pickup"),
        Field("eta_minutes", "number"),
    ]


def _decision() -> list[Field]:
    return [_choose("party", PARTIES), _choose("answer", ANSWERS), Field("by")]


def _onward(line: Line, handoff: Handoff) -> tuple[str, ...]:
    """The ways on from here: between partners from one that has the child, and every way of ours without a call."""
    held = handoff.responsible == "partner" and handoff.direction != "in"
    return tuple(
        name
        for name, workflow in line.workflows.items()
        if (workflow.direction == "between" and held)
        or (workflow.direction == "out" and workflow.live_call == "not_needed" and name != handoff.workflow)
    )
