"""Every move a hand-off can make: from where, to where, and by whom. What does not stand here can not happen.

Responsibility moves when a partner accepts, and for a placement only when the child has arrived; it comes back at
once when they return the child. `replay` tells from the events alone where a hand-off must stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LIVE = (
    "draft",
    "awaiting_approval",
    "offering",
    "acknowledged",
    "accepted",
    "in_progress",
    "returned",
    "unreachable",
    "cancel_requested",
    "recall_pending",
    "completed",
)
OVER = ("closed", "cancelled", "recalled", "failed", "entered_in_error")
# Nobody at a partner's answers for the child yet, or nobody does any more.
NOT_ACCEPTED = ("draft", "awaiting_approval", "offering", "acknowledged", "returned", "unreachable")
ACCEPTED = ("accepted", "in_progress", "cancel_requested", "recall_pending", "completed")

COUNSELLOR, SHIFT_LEAD, PARTNER, SYSTEM = "counsellor", "shift_lead", "partner", "system"
PEOPLE = frozenset({COUNSELLOR, SHIFT_LEAD})
EITHER = PEOPLE | {PARTNER}


@dataclass(frozen=True)
class Transition:
    """One row of the table. `to` None: the state stays. `phase` None: the phase stays, or the workflow names it."""

    came_from: frozenset[str]
    to: str | None
    who: frozenset[str]
    phase: str | None = None
    responsible: str | None = None


def _row(came_from: str | Iterable[str], to: str | None, who: frozenset[str] | str, **more: str) -> Transition:
    states = came_from.split() if isinstance(came_from, str) else came_from
    by = who if isinstance(who, frozenset) else frozenset({who})
    return Transition(frozenset(states), to, by, **more)


TRANSITIONS: dict[str, Transition] = {
    # Before anyone is asked: where the workflow needs a second person.
    "ask_approval": _row("draft", "awaiting_approval", PEOPLE, phase="approval"),
    "start": _row("draft", "offering", PEOPLE, phase="asking"),
    "approve": _row("awaiting_approval", "offering", PEOPLE, phase="asking"),
    "refuse": _row("awaiting_approval", "draft", PEOPLE, phase="refused"),
    # A desk's call, step by step.
    "offer": _row("offering", None, SYSTEM, phase="ringing"),
    "answer": _row("offering acknowledged", None, PARTNER, phase="screening"),
    "acknowledge": _row("offering", "acknowledged", PARTNER, phase="briefing"),
    "take_on_line": _row("acknowledged", None, PARTNER, phase="joining"),
    "introduce": _row("acknowledged", None, SYSTEM, phase="introduced"),
    # An offer in writing, and what every offer may come to. `beside`: others are still being asked.
    "offer_in_writing": _row("offering", None, SYSTEM, phase="asking"),
    "acknowledge_offer": _row("offering", "acknowledged", EITHER, phase="considering"),
    "acknowledge_beside": _row("acknowledged", None, EITHER),
    "decline": _row("offering acknowledged", "offering", EITHER, phase="redialling"),
    "lose_offer": _row("offering acknowledged", "offering", SYSTEM, phase="redialling"),
    "decline_beside": _row("offering acknowledged", None, EITHER),
    "lose_beside": _row("offering acknowledged", None, SYSTEM),
    "exhaust": _row("offering", "unreachable", SYSTEM, phase="paging"),
    # What the child or the counsellor does meanwhile.
    "child_gone": _row("offering acknowledged", "offering", SYSTEM, phase="report"),
    "interrupt": _row("offering acknowledged", "unreachable", SYSTEM, phase="paging"),
    "decide": _row("offering unreachable", None, PEOPLE),
    # People of ours, and what partners tell them.
    "take": _row(LIVE, None, PEOPLE),
    "reroute": _row("offering acknowledged unreachable returned", "offering", PEOPLE, phase="redialling"),
    "accept": _row(
        "offering acknowledged unreachable returned", "accepted", EITHER, phase="with_partner", responsible="partner"
    ),
    "accept_placement": _row(
        "offering acknowledged unreachable returned", "accepted", EITHER, phase="with_partner", responsible="shared"
    ),
    "arrive": _row("accepted in_progress", "in_progress", EITHER, phase="arrived", responsible="partner"),
    "advance": _row("accepted in_progress", "in_progress", EITHER | {SYSTEM}),
    "miss": _row("accepted in_progress", "in_progress", SYSTEM, phase="no_show"),
    "hand_back": _row("accepted in_progress cancel_requested", "returned", EITHER, phase="paging", responsible="us"),
    "confirm": _row("accepted in_progress cancel_requested", "completed", EITHER, phase="follow_up"),
    "close": _row("completed", "closed", PEOPLE, phase="over"),
    "reopen": _row("completed closed", "in_progress", SHIFT_LEAD, phase="reopened"),
    # What comes to us from a partner: it answers for the child until one of us accepts.
    "acknowledge_inbound": _row("offering unreachable", "acknowledged", PEOPLE, phase="considering"),
    "accept_inbound": _row("offering acknowledged unreachable", "accepted", PEOPLE, phase="with_us", responsible="us"),
    "decline_inbound": _row("offering acknowledged unreachable", "cancelled", PEOPLE, phase="over"),
    "give_back": _row("accepted in_progress", "cancelled", PEOPLE, phase="over", responsible="partner"),
    # From partner to partner: until the child has arrived, whoever it comes from answers for it.
    "return_to_origin": _row(
        "accepted in_progress cancel_requested", "returned", EITHER, phase="paging", responsible="partner"
    ),
    # Before acceptance a stop is ours to make; after it, the partner's to agree to. One that reached nobody may
    # be stopped by a shift lead only who is not its owner, with a plan for the child.
    "cancel": _row("draft awaiting_approval offering acknowledged returned", "cancelled", PEOPLE, phase="over"),
    "cancel_unreachable": _row("unreachable", "cancelled", SHIFT_LEAD, phase="over"),
    "ask_cancel": _row("accepted in_progress", "cancel_requested", PEOPLE, phase="stopping"),
    "agree_cancel": _row("cancel_requested", "cancelled", EITHER, phase="over"),
    # Consent is withdrawn: views end at once, and the partner is asked to stop and to say so.
    "recall": _row(
        "offering acknowledged accepted in_progress returned unreachable cancel_requested completed",
        "recall_pending",
        PEOPLE,
        phase="recalling",
    ),
    "attest_recall": _row("recall_pending", "recalled", EITHER, phase="over"),
    "fail": _row([state for state in LIVE if state != "draft"], "failed", SHIFT_LEAD, phase="over", responsible="us"),
    "enter_in_error": _row(
        [state for state in (*LIVE, *OVER) if state != "entered_in_error"], "entered_in_error", PEOPLE, phase="over"
    ),
}


def accept_row(direction: str, responsibility_on: str) -> str:
    """Which row a partner's acceptance is."""
    if direction == "in":
        return "accept_inbound"
    return "accept" if responsibility_on == "accepted" else "accept_placement"


def return_row(direction: str) -> str:
    """Which row it is when whoever has taken the child on gives it back."""
    return {"in": "give_back", "between": "return_to_origin"}.get(direction, "hand_back")


def replay(first: tuple[str, str], names: Iterable[str]) -> tuple[str, str]:
    """The state and the responsible party after these moves, from a first state and party. Raises ValueError."""
    state, responsible = first
    for name in names:
        rule = TRANSITIONS[name]
        if state not in rule.came_from:
            raise ValueError(f"{name} does not lead on from {state}")
        state, responsible = rule.to or state, rule.responsible or responsible
    return state, responsible
