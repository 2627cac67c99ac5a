"""A text as words, each with its place in the original, however it was written.

Letter case, marks, stretched and spaced letters, invisible signs and the script of digits are gone
afterwards; phrases in the packs go through the same door, so both sides always agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.text.letters import fold_letter, is_in_word, is_picture, script_of

FIRST_LETTERS = 600
LAST_LETTERS = 400
RAW_FIRST, RAW_LAST = 6000, 4000  # nothing beyond is even folded: a flood must cost no more than a text
APOSTROPHES = "'’‘ʼ`´′"
STAND_INS = "@$!"  # letters only inside a word: k!ll, $uicide
BREAKS = ".!?؟।۔,،;؛:…\n\r"
LEET = str.maketrans("10345@$!7", "ioeasasit")
FEWEST_SPACED = 3

Placed = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Token:
    """One word or picture. `start` and `end` are places in the original text; `after_break`: punctuation before it."""

    form: str
    start: int
    end: int
    after_break: bool = False


def tokenise(text: str) -> tuple[Token, ...]:
    """The words of a text, in order: at most its first 600 and last 400 letters. Never raises."""
    placed = _fold(text)
    if len(placed) > FIRST_LETTERS + LAST_LETTERS:
        # Two spaces and a break: what was cut apart must not be read as one phrase.
        cut = placed[FIRST_LETTERS][1]
        placed = [*placed[:FIRST_LETTERS], ("\n", cut), *placed[-LAST_LETTERS:]]
    return tuple(_drop_repeated(_join_spaced(_split(placed, len(text)))))


def _drop_repeated(tokens: Iterable[Token]) -> Iterable[Token]:
    """`no no no no` says no more than `no no`."""
    before: list[str] = []
    for token in tokens:
        if before != [token.form, token.form]:
            yield token
        before = [*before[-1:], token.form]


def fold_word(word: str) -> str:
    """A single word of a pack as it stands in a token; signs that are no letters vanish."""
    folded = "".join(fold_letter(letter) for letter in word)
    return squeeze("".join(letter for letter in folded if is_in_word(letter) or is_picture(letter)))


def read_leet(form: str) -> str | None:
    """The word with digits and signs read as the letters they look like, if there are any among letters."""
    read = form.translate(LEET)
    mixed = read != form and any(script_of(letter) == "latin" for letter in form)
    return squeeze(read) if mixed else None


def squeeze(word: str) -> str:
    """Every run of a letter as one; numbers keep their digits."""
    if word.isdigit():
        return word
    return "".join(letter for place, letter in enumerate(word) if not place or letter != word[place - 1])


def _fold(text: str) -> list[Placed]:
    """The folded letters with their places, every run of one as one: digits wait for their word, spaces part words."""
    places: Iterable[int] = range(len(text))
    if len(text) > RAW_FIRST + RAW_LAST:
        places = [*range(RAW_FIRST), *range(len(text) - RAW_LAST, len(text))]
    kept: list[Placed] = []
    last = ""
    for place in places:
        for letter in fold_letter(text[place]):
            if letter != last or letter.isdigit() or letter.isspace():
                kept.append((letter, place))
                last = letter
    return kept


def _split(placed: Sequence[Placed], length: int) -> Iterable[Token]:
    """A word ends where the next thing stands: what was folded away at its end is part of it, as in `kill`."""
    word: list[Placed] = []
    after_break = False
    for number, (letter, place) in enumerate(placed):
        if is_in_word(letter) or (letter in STAND_INS and _stands_in(placed, number, bool(word))):
            word.append((letter, place))
            continue
        if letter in APOSTROPHES:
            continue
        if word:
            yield _make_token(word, place, after_break)
            word, after_break = [], False
        if is_picture(letter):
            yield Token(letter, place, place + 1, after_break=True)
        after_break = after_break or letter in BREAKS
    if word:
        yield _make_token(word, length, after_break)


def _stands_in(placed: Sequence[Placed], number: int, inside: bool) -> bool:
    follows = number + 1 < len(placed) and placed[number + 1][0].isalpha()
    return follows and (inside or placed[number][0] == "$")


def _make_token(word: Sequence[Placed], end: int, after_break: bool) -> Token:
    form = squeeze("".join(letter for letter, _ in word))
    return Token(form, word[0][1], end, after_break)


def _join_spaced(tokens: Iterable[Token]) -> Iterable[Token]:
    run: list[Token] = []
    for token in tokens:
        single = len(token.form) == 1 and token.form.isalpha()
        if run and not (single and token.start - run[-1].end == 1):
            yield from _end_run(run)
            run = []
        if single:
            run.append(token)
        else:
            yield token
    yield from _end_run(run)


def _end_run(run: Sequence[Token]) -> Iterable[Token]:
    if len(run) < FEWEST_SPACED:
        yield from run
        return
    form = squeeze("".join(token.form for token in run))
    yield Token(form, run[0].start, run[-1].end, run[0].after_break)
