"""How much of a hand-off a partner may be shown now, and which fields that is. One place; nothing else is shown.

D0 that something waits; D1 what is needed to decide, and nothing that says who; D2 what is needed to act. The case
itself (D3) and what is protected (D4) are on no page, in no letter and in no program's answer built on this.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from config.handoffs import MOST_BY_BASIS
from config.partners import Partner
from helpline.handoff.brief import AGES
from helpline.handoff.models import Handoff, HandoffMember, Offer

SHOWN = ("D0", "D1", "D2")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "D0": ("ref", "urgency", "call_back"),
    "D1": ("level", "subject", "can_talk", "language", "area", "people", "services"),
    "D2": ("ages",),
}
BEFORE_ACCEPTANCE, AFTER_ACCEPTANCE = "D1", "D2"
BANDS = ((9, "up_to_9"), (12, "10_12"), (15, "13_15"), (17, "16_17"))


def level_now(handoff: Handoff, offer: Offer, partner: Partner, day: date) -> str:
    """The least of what stage, basis, agreement and this way of showing allow. After the outcome nothing is needed."""
    levels = handoff.workflow_as_started.levels
    accepted = offer.state == "accepted"
    if handoff.state == "completed" or not partner.agreement.covers(handoff.workflow, "D0", day):
        return "D0"
    by_stage = levels.accepted if accepted else levels.acknowledged if offer.state == "acked" else levels.offer
    at_most = AFTER_ACCEPTANCE if accepted else BEFORE_ACCEPTANCE
    return min(by_stage, at_most, MOST_BY_BASIS[handoff.basis], partner.agreement.max_level)


def disclose(level: str, handoff: Handoff, members: Sequence[HandoffMember], call_back: str) -> dict:
    """The fields of this level and of those below it, as codes and numbers. Raises ValueError beyond D2."""
    allowed = [field for each in SHOWN[: SHOWN.index(level) + 1] for field in FIELDS[each]]
    brief = handoff.brief
    known = {
        "ref": handoff.ref,
        "urgency": handoff.priority,
        "call_back": call_back,
        "level": brief["level"],
        "subject": brief["subject"],
        "can_talk": brief["can_talk"],
        "language": brief["language"],
        "area": handoff.area,
        "people": [_outline(member) for member in members] or _only_caller(brief),
        "services": sorted(handoff.services),
        "ages": {member.number: member.age for member in members if member.age is not None},
    }
    return {field: known[field] for field in allowed}


def _outline(member: HandoffMember) -> dict:
    """Somebody as a shelter asks: sex, about how old, what is needed."""
    return {"number": member.number, "sex": member.sex, "age": _band(member.age), "needs": list(member.needs)}


def _only_caller(brief: dict) -> list[dict]:
    age = brief["age"].removeprefix("age_") if brief["age"] in AGES else None
    return [{"number": 1, "sex": None, "age": age, "needs": []}]


def _band(age: int | None) -> str | None:
    if age is None:
        return None
    return next((band for oldest, band in BANDS if age <= oldest), "grown_up")
