"""Every move a hand-off can make: from where, to where, and by whom. What does not stand here can not happen.

Responsibility moves to the partner in one place only, `accept`, and comes back at once with `hand_back`.
"""

from dataclasses import dataclass

LIVE = ("offering", "acknowledged", "accepted", "returned", "unreachable", "cancel_requested", "completed")
# Nobody at a partner's answers for the child yet, or nobody does any more.
NOT_ACCEPTED = ("offering", "acknowledged", "returned", "unreachable")

COUNSELLOR, SHIFT_LEAD, PARTNER, SYSTEM = "counsellor", "shift_lead", "partner", "system"
PEOPLE = frozenset({COUNSELLOR, SHIFT_LEAD})


@dataclass(frozen=True)
class Transition:
    """One row of the table. `to` None: the state stays. `phase` None: the phase stays."""

    came_from: frozenset[str]
    to: str | None
    who: frozenset[str]
    phase: str | None = None
    responsible: str | None = None


def _row(came_from: str, to: str | None, who: frozenset[str] | str, **more: str) -> Transition:
    by = who if isinstance(who, frozenset) else frozenset({who})
    return Transition(frozenset(came_from.split()), to, by, **more)


TRANSITIONS: dict[str, Transition] = {
    # The desk's call, step by step.
    "offer": _row("offering", None, SYSTEM, phase="ringing"),
    "answer": _row("offering", None, PARTNER, phase="screening"),
    "acknowledge": _row("offering", "acknowledged", PARTNER, phase="briefing"),
    "take_on_line": _row("acknowledged", None, PARTNER, phase="joining"),
    "introduce": _row("acknowledged", None, SYSTEM, phase="introduced"),
    "decline": _row("acknowledged", "offering", PARTNER, phase="redialling"),
    "lose_offer": _row("offering acknowledged", "offering", SYSTEM, phase="redialling"),
    "exhaust": _row("offering", "unreachable", SYSTEM, phase="paging"),
    # What the child or the counsellor does meanwhile.
    "child_gone": _row("offering acknowledged", "offering", SYSTEM, phase="report"),
    "interrupt": _row("offering acknowledged", "unreachable", SYSTEM, phase="paging"),
    "decide": _row("offering unreachable", None, PEOPLE),
    # People of ours, and what partners tell them.
    "take": _row("offering acknowledged accepted returned unreachable cancel_requested completed", None, PEOPLE),
    "reroute": _row("unreachable returned", "offering", PEOPLE, phase="redialling"),
    "accept": _row(
        "offering acknowledged unreachable returned", "accepted", PEOPLE, phase="with_partner", responsible="partner"
    ),
    "hand_back": _row("accepted cancel_requested", "returned", PEOPLE, phase="paging", responsible="us"),
    "confirm": _row("accepted cancel_requested", "completed", PEOPLE, phase="follow_up"),
    "close": _row("completed", "closed", PEOPLE, phase="over"),
    # Before acceptance a stop is ours to make; after it, the partner's to agree to. One that reached nobody may
    # be stopped by the shift lead only, with a plan for the child.
    "cancel": _row("offering acknowledged returned", "cancelled", PEOPLE, phase="over"),
    "cancel_unreachable": _row("unreachable", "cancelled", SHIFT_LEAD, phase="over"),
    "ask_cancel": _row("accepted", "cancel_requested", PEOPLE, phase="with_partner"),
    "agree_cancel": _row("cancel_requested", "cancelled", PEOPLE, phase="over"),
}
