"""Reads one text: which concepts it speaks of, which of them are only figures of speech or denied, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from triage.text.combo_file import Combo, belongs_to
from triage.text.letters import script_of
from triage.text.lexicon import Lexicon, Part
from triage.text.pack_file import PackRule
from triage.text.phrase_finder import Match
from triage.text.tokens import Token, tokenise

MOST_FILLERS = 2
MOST_OF_ONE = 12  # times that one phrase is taken note of: a word repeated a hundred times says no more
LONG_ENOUGH_ELSEWHERE = 4  # letters of a word that denies what another language says: `na` and `la` do not
FEWEST_LETTERS = 4  # 'ok' and 'hi?' tell nothing; four letters may already be a cry

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: a concept, by which rule, and the places of its words in the original text."""

    concept: str
    rule: str
    spans: tuple[Span, ...]
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `noticed` holds what reading itself has to tell, such as that nothing was understood."""

    found: tuple[Finding, ...]
    denied: tuple[Finding, ...]
    figures: tuple[Finding, ...]  # idioms that cancelled something
    noticed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: PackRule
    words: tuple[int, ...]  # in rising order

    @property
    def whole(self) -> range:
        return range(self.words[0], self.words[-1] + 1)


def read_text(text: str, lexicon: Lexicon) -> Reading:
    """What the packs find in one text. Never raises; of a text made to be slow, what was found in time, and that."""
    tokens = tokenise(text)
    matches, complete = lexicon.finder.find(tokens)
    hits = _leave_out_strays(_gather_hits(matches, lexicon.parts), tokens, lexicon)
    concepts = [hit for hit in hits if hit.rule.kind == "concept"]
    idioms = [hit for hit in hits if hit.rule.kind == "idiom"]
    takers = [*idioms, *(hit for hit in concepts if hit.rule.cancels)]
    standing = [hit for hit in concepts if not any(_covers(one, hit) for one in takers if one is not hit)]
    denied, denials = _split_denied(standing, hits, tokens, lexicon)
    held = [hit for hit in standing if hit not in denied]
    found = [_to_finding(hit, tokens) for hit in held]
    found += _combine(found, lexicon.combos.combos)
    return Reading(
        found=tuple(found),
        denied=tuple(_to_finding(hit, tokens) for hit in [*denied, *denials]),
        figures=tuple(_to_finding(hit, tokens) for hit in idioms),
        noticed=(
            *_notice(text, tokens, found, [*denials, *denied], idioms, lexicon),
            *(() if complete else ("text_too_tangled",)),
        ),
    )


def _gather_hits(matches: Sequence[Match], parts: Sequence[Part]) -> list[_Hit]:
    hits: dict[_Hit, None] = {}  # in order, each once
    count: Counter[int] = Counter()
    groups: dict[tuple[str, int], tuple[PackRule, list[list[Match]]]] = {}
    for match in matches:
        count[match.ending] += 1
        if count[match.ending] > MOST_OF_ONE:
            continue
        part = parts[match.ending]
        if part.group is None:
            hits[_Hit(part.rule, match.words)] = None
        else:
            members = [[] for _ in part.rule.near[part.group]]
            groups.setdefault((part.rule.id, part.group), (part.rule, members))[1][part.member].append(match)
    for rule, members in groups.values():
        if all(members):
            hits.update((hit, None) for hit in _bring_together(rule, members))
    return list(hits)


def _bring_together(rule: PackRule, members: Sequence[Sequence[Match]]) -> Iterator[_Hit]:
    """Each match of the first member with the closest one of every other, none sharing a word with another."""
    for first in members[0]:
        words = set(first.words)
        for others in members[1:]:
            closest = _find_closest(first, others, words, rule.within)
            if closest is None:
                break
            words.update(closest.words)
        else:
            yield _Hit(rule, tuple(sorted(words)))


def _find_closest(first: Match, others: Sequence[Match], taken: set[int], within: int) -> Match | None:
    free = [one for one in others if taken.isdisjoint(one.words) and _distance(first.words, one.words) <= within]
    return min(free, key=lambda one: _distance(first.words, one.words), default=None)


def _leave_out_strays(hits: Sequence[_Hit], tokens: Sequence[Token], lexicon: Lexicon) -> list[_Hit]:
    """Without what was found by words that another language writes alike, where the text shows no word of this one."""
    forms = {token.form for token in tokens}
    absent = {group: alike.words for group, alike in lexicon.homographs.items() if forms.isdisjoint(alike.companions)}
    return [
        hit
        for hit in hits
        if hit.rule.group not in absent or any(tokens[word].form not in absent[hit.rule.group] for word in hit.words)
    ]


def _distance(one: Sequence[int], other: Sequence[int]) -> int:
    """Words to step over from one to the other, both in rising order; 0 side by side or overlapping."""
    return max(0, other[0] - one[-1] - 1, one[0] - other[-1] - 1)


def _covers(idiom: _Hit, hit: _Hit) -> bool:
    first, last = idiom.words[0], idiom.words[-1]
    return any(first <= word <= last for word in hit.words) and (
        not idiom.rule.cancels or belongs_to(hit.rule.concept, idiom.rule.cancels)
    )


def _split_denied(
    standing: Sequence[_Hit], hits: Sequence[_Hit], tokens: Sequence[Token], lexicon: Lexicon
) -> tuple[list[_Hit], list[_Hit]]:
    """The denied concepts, and the phrases that are denials as a whole; none of either beside what is acute."""
    beside = lexicon.combos.never_denied_beside
    if any(belongs_to(hit.rule.concept, beside) for hit in standing):
        return [], []
    denials = [hit for hit in hits if hit.rule.kind == "denial"]
    negators = [hit for hit in hits if hit.rule.kind == "negator"]
    denied = [
        hit
        for hit in standing
        if hit.rule.negatable
        and (any(_covers(one, hit) for one in denials) or any(_governs(one, hit, tokens) for one in negators))
    ]
    return [hit for hit in standing if hit in denied or any(_lies_within(hit, one) for one in denied)], denials


def _lies_within(hit: _Hit, denied: _Hit) -> bool:
    """Whether this is only a shorter way of reading what was denied: `kill myself` in `not thinking to kill myself`."""
    return hit.rule.concept == denied.rule.concept and set(hit.words) <= set(denied.words)


def _governs(negator: _Hit, hit: _Hit, tokens: Sequence[Token]) -> bool:
    """Whether the negator stands right at the concept, with nothing but fillers and no punctuation in between."""
    if negator.rule.cancels and not belongs_to(hit.rule.concept, negator.rule.cancels):
        return False
    if negator.rule.group != hit.rule.group and any(
        len(tokens[word].form) < LONG_ENOUGH_ELSEWHERE for word in negator.words
    ):
        return False
    earlier, later = (negator, hit) if negator.rule.before else (hit, negator)
    between = range(max(earlier.words) + 1, min(later.words))
    if min(later.words) <= max(earlier.words) or len(between) > MOST_FILLERS:
        return False
    if any(tokens[place].after_break for place in range(max(earlier.words) + 1, min(later.words) + 1)):
        return False
    return all(tokens[place].form in negator.rule.fillers for place in between)


def _combine(found: Sequence[Finding], combos: Sequence[Combo]) -> list[Finding]:
    """What concepts mean together. What a combo gives may be part of a later one."""
    all_found = list(found)
    for combo in combos:
        together = _find_together(combo, all_found)
        if together:
            words = tuple(sorted({word for one in together for word in one.words}))
            spans = tuple(sorted({span for one in together for span in one.spans}))
            all_found.append(Finding(combo.gives, combo.id, spans, words))
    return all_found[len(found) :]


def _find_together(combo: Combo, found: Sequence[Finding]) -> list[Finding]:
    wanted = [(name,) for name in combo.all_of[1:]] + ([combo.any_of] if combo.any_of else [])
    spoken_of = {one.concept for one in found}
    if not all(any(belongs_to(concept, names) for concept in spoken_of) for names in [combo.all_of[:1], *wanted]):
        return []
    for middle in found:
        if not belongs_to(middle.concept, combo.all_of[:1]):
            continue
        company = [_find_near(names, middle, found, combo.within) for names in wanted]
        if None not in company:
            return [middle, *company]
    return []


def _find_near(names: Sequence[str], middle: Finding, found: Sequence[Finding], within: int) -> Finding | None:
    # Company brings a word of its own: one word that means two things is not two signs.
    near = (one for one in found if belongs_to(one.concept, names) and not _is_same_place(one, middle))
    return next((one for one in near if _distance(one.words, middle.words) <= within), None)


def _is_same_place(one: Finding, other: Finding) -> bool:
    return set(one.words) <= set(other.words) or set(other.words) <= set(one.words)


def _notice(
    text: str,
    tokens: Sequence[Token],
    found: Sequence[Finding],
    denied: Sequence[_Hit],
    idioms: Sequence[_Hit],
    lexicon: Lexicon,
) -> Iterator[str]:
    if denied:
        yield "text_denied"
    if idioms:
        yield "text_idiom"
    letters = [script for letter in text[:2000] if (script := script_of(letter))]
    if letters.count("other") * 2 > len(letters):
        yield "text_unknown_script"
    elif len(letters) < FEWEST_LETTERS and not found:
        yield "text_near_empty"
    elif not _is_understood(tokens, found, [*denied, *idioms], lexicon):
        yield "text_unread_by_rules"


def _is_understood(tokens: Sequence[Token], found: Sequence[Finding], other: Sequence[_Hit], lexicon: Lexicon) -> bool:
    """Whether what was found accounts for the text. A greeting says little about the twenty words behind it."""
    combos = lexicon.combos
    told = [one for one in found if one.concept in lexicon.signals]
    if not told and not other:
        return False
    covered = {word for one in told for word in one.words} | {word for hit in other for word in hit.whole}
    explained = [combos.explains.get(one.concept, combos.explains_otherwise) for one in told]
    explained += [combos.explains_otherwise for _ in other]
    return len(tokens) - len(covered) <= max(explained)


def _to_finding(hit: _Hit, tokens: Sequence[Token]) -> Finding:
    spans = tuple((tokens[word].start, tokens[word].end) for word in hit.words)
    return Finding(hit.rule.concept or hit.rule.kind, hit.rule.id, spans, hit.words)
