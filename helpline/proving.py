"""Goes every way through a draft before it is published: the check reads its text, this drives the engine itself.

Only the draft's own flow and the flows that lead into it are gone through; all others have not changed.
"""

from sqlalchemy.orm import Session

from helpline.flow_book.drafts import check_draft, find_draft
from helpline.flow_book.versions import lock_book
from helpline.line import Line
from helpline.telephony.judging import judge_twiml
from helpline.telephony.twiml import Speaker
from ivr_flows.library import Library
from ivr_flows.model import Enter
from ivr_flows.prove import prove


class NotProven(Exception):
    """Somewhere in the draft a caller would not come to a person; `faults` names each place and input."""

    def __init__(self, faults: tuple[str, ...]):
        super().__init__("\n".join(faults))
        self.faults = faults


def prove_draft(session: Session, line: Line, flow: str, *, seen: int) -> None:
    """Go every way through the draft `seen`, beside all that is in force; nobody changes it until the commit.

    A draft that has moved on or does not pass the check is left to whoever publishes. Raises NotProven.
    """
    lock_book(session)
    line.book.take_up(session)
    draft = find_draft(session, flow)
    if draft is None or draft.id != seen:
        return
    library = check_draft(session, line.book, flow, draft.source).library
    if library is None:
        return
    if faults := find_lost(line, library, flow):
        raise NotProven(faults)


def find_lost(line: Line, library: Library, flow: str) -> tuple[str, ...]:
    """Every place in this flow, and in those that lead into it, from which a caller would not come to a person."""
    speaker = Speaker(lambda: library, line.speaker.address, line.speaker.values)
    return prove(library, judge_twiml(speaker), only=_with_those_before(library, flow)).faults


def _with_those_before(library: Library, flow: str) -> set[str]:
    touched, before = set(), {flow}
    while before:
        touched |= before
        entered = {
            name: {node.flow for node in other.nodes.values() if isinstance(node, Enter)}
            for name, other in library.current.items()
        }
        before = {name for name, flows in entered.items() if flows & touched} - touched
    return touched
