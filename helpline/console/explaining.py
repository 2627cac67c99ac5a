"""Which words of a child's text gave which reason: the text in pieces, those that counted each with the rules' reasons.

For counsellors and shift leads. The child never sees any of it.
"""

from triage.model import Reason
from triage.rules import RuleSet
from triage.text.evaluate import evaluate_text


def explain_text(body: str, rules: RuleSet) -> dict:
    """`pieces`: the text in order, each `words` with `counted`; `reasons`: each rule that spoke, with its words.

    A text is explained by itself, by the rules in force now; what several texts gave together has no single place.
    """
    told = evaluate_text(body, rules)
    spans = sorted({span for places in told.spans.values() for span in places})
    reasons = [reason for reason in told.assessment.reasons if reason.rule in told.spans]
    return {
        "pieces": _cut(body, _join_spans(spans)),
        "reasons": [_show_reason(body, reason, told.spans[reason.rule]) for reason in reasons],
    }


def _show_reason(body: str, reason: Reason, spans: tuple[tuple[int, int], ...]) -> dict:
    words = dict.fromkeys(body[start:end] for start, end in _join_neighbours(body, spans))
    return {
        "rule": reason.rule,
        "text": reason.text,
        "floor": str(reason.floor) if reason.floor else None,
        "points": reason.points,
        "words": list(words),
    }


def _join_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _join_neighbours(body: str, spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Words with nothing but spaces between them as one quotation."""
    joined: list[tuple[int, int]] = []
    for start, end in _join_spans(sorted(spans)):
        if joined and not body[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _cut(body: str, spans: list[tuple[int, int]]) -> list[dict]:
    pieces: list[dict] = []
    place = 0
    for start, end in _join_neighbours(body, tuple(spans)):
        pieces += [{"words": body[place:start], "counted": False}, {"words": body[start:end], "counted": True}]
        place = end
    pieces.append({"words": body[place:], "counted": False})
    return [piece for piece in pieces if piece["words"]]
