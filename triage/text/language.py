"""A guess at the language of a text, for showing only: no rule is chosen by it, since children mix languages."""

from collections import Counter

from triage.text.arabizi import looks_like_arabizi
from triage.text.letters import script_of
from triage.text.lexicon import Lexicon
from triage.text.tokens import tokenise

URDU_LETTERS = set("ٹڈڑںےھہگپچ")
UNKNOWN = "und"  # what ISO 639 writes for a language that is not determined


def guess_language(text: str, lexicon: Lexicon) -> str:
    """A language code, or `und`. By script first, then by the usual words that the packs name."""
    scripts = Counter(script for letter in text if (script := script_of(letter)))
    if not scripts:
        return UNKNOWN
    script = scripts.most_common(1)[0][0]
    if script == "arabic":
        return "ur" if sum(letter in URDU_LETTERS for letter in text) * 12 > len(text) else "ar"
    if script == "latin":
        return _guess_by_words(text, lexicon)
    return "hi" if script == "devanagari" else UNKNOWN


def _guess_by_words(text: str, lexicon: Lexicon) -> str:
    found: Counter[str] = Counter()
    for token in tokenise(text):
        if looks_like_arabizi(token.form):
            found["ar"] += 2
        for language, words in lexicon.usual_words.items():
            found[language] += token.form in words
    best = found.most_common(1)
    return best[0][0] if best and best[0][1] else UNKNOWN
