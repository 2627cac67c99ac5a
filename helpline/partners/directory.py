"""Who can take a child now: open, agreed with, reachable by a call that needs a PIN, and of the child's language."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from config.partners import Partner
from helpline.partners.models import PartnerPin
from helpline.partners.pins import is_locked


def list_ready_keys(session: Session) -> set[str]:
    """The partners that have a PIN which is not locked: nobody else could get past the screening."""
    return {kept.partner for kept in session.scalars(select(PartnerPin)) if not is_locked(kept)}


def list_open(partners: Mapping[str, Partner], at: datetime) -> list[Partner]:
    """Everyone who is there at this instant, in the file's order."""
    return [partner for partner in partners.values() if partner.is_open(at)]


def fits(partner: Partner, workflow: Workflow, kind: str, at: datetime) -> bool:
    """Whether this partner may and can be asked in this workflow at this instant, as far as the file tells."""
    day = partner.local(at).date()
    agreed = partner.agreement.covers(workflow.workflow, workflow.levels.highest, day)
    return partner.kind == kind and partner.number is not None and agreed and partner.is_open(at)


def find_next(
    session: Session,
    partners: Mapping[str, Partner],
    workflow: Workflow,
    kind: str,
    *,
    language: str,
    area: str | None,
    tried: Collection[str | None],
    at: datetime,
    by: Collection[str] | None = None,
    suits: Callable[[Partner], bool] = lambda _partner: True,
) -> Partner | None:
    """The best partner of this kind not tried yet: of the asked area, then of the child's language, then as filed.

    `by` are channels to write to them; None is a call, which needs a PIN. Among those written to, one that is open
    goes before one that is not. `suits` is what else must hold, such as a free bed.
    """
    if by is None:
        ready = list_ready_keys(session)
        asked = [partner for partner in partners.values() if partner.key in ready and fits(partner, workflow, kind, at)]
    else:
        asked = [partner for partner in partners.values() if can_be_written_to(partner, workflow, kind, at, by)]
    return min(
        (partner for partner in asked if partner.key not in tried and suits(partner)),
        key=lambda partner: (partner.area != area, language not in partner.languages, not partner.is_open(at)),
        default=None,
    )


def can_be_written_to(partner: Partner, workflow: Workflow, kind: str, at: datetime, by: Collection[str]) -> bool:
    """Whether this partner may be asked in this workflow and can answer by one of these channels, open or not."""
    day = partner.local(at).date()
    agreed = partner.agreement.covers(workflow.workflow, workflow.levels.highest, day)
    return partner.kind == kind and agreed and partner.find_endpoint(by) is not None


def list_candidates(partners: Mapping[str, Partner], workflow: Workflow, *, language: str, at: datetime) -> list[dict]:
    """Who could be asked first in this workflow, best first: its name, whether it is open and speaks the language."""
    step = workflow.chain[0]
    if step.do != "offer":
        return []
    fitting = [
        partner
        for partner in partners.values()
        if partner.kind in step.kinds and can_be_written_to(partner, workflow, partner.kind, at, step.by)
    ]
    fitting.sort(key=lambda partner: (language not in partner.languages, not partner.is_open(at)))
    return [
        {"name": dict(partner.name), "open": partner.is_open(at), "speaks": language in partner.languages}
        for partner in fitting
    ]


def describe_partner(partner: Partner, at: datetime, ready: Collection[str]) -> dict:
    """What the directory shows of a partner. Desks' numbers are no child's, and staff must be able to ring them."""
    return {
        "key": partner.key,
        "kind": partner.kind,
        "name": dict(partner.name),
        "area": partner.area,
        "languages": list(partner.languages),
        "open": partner.is_open(at),
        "number": partner.number,
        "pin_ready": partner.key in ready,
        "workflows": list(partner.agreement.workflows),
        "agreement_until": partner.agreement.valid_to.isoformat(),
    }
