"""The built-in flows for a day when the flow files are broken: few words, and straight to a person."""

from __future__ import annotations

from ivr_flows.library import Language, Library, Spoken
from ivr_flows.model import QUEUE, Answers, End, Flow, Line, Message
from ivr_flows.shelf import read_shelf

_STAY = "minimal.stay"
_DANGER = "minimal.danger"
_TEXT = "text.minimal"
_WORDS = {
    "ar": {
        _STAY: "ابقَ معنا من فضلك. نبحث لك الآن عن شخص يسمعك. إذا كان هناك خطر الآن، اضغط 9.",
        _DANGER: "عرفنا أن هناك خطراً. نخبر الفريق الآن. ابقَ معنا.",
        _TEXT: "وصلتنا رسالتك. سيكتب لك شخص من فريقنا.",
    },
    "en": {
        _STAY: "Please stay with us. We are finding a person for you. If you are in danger now, press 9.",
        _DANGER: "We know there is danger. We are telling the team now. Please stay with us.",
        _TEXT: "We have your message. A person from our team will write to you.",
    },
}
_VOICES = {"ar": ("العربية", "rtl", "arb", "Polly.Zeina"), "en": ("English", "ltr", "en-GB", "Polly.Amy-Neural")}


def minimal_library() -> Library:
    """Flows that lead straight to the queue. Sentences of the shipped language files are kept where readable.

    A prompt that can not be found is spoken as "please stay, we are finding a person", so no call breaks on it.
    """
    speech = {code: _language(code, shipped) for code, shipped in _shipped_languages().items()}
    instead = {code: speech[code].prompts[_STAY] for code in speech}
    flows = [_to_person("welcome", "menus", _STAY), _waiting(), _to_person("text_welcome", "text", _TEXT)]
    return Library({(flow.name, flow.version): flow for flow in flows}, speech, instead)


def _shipped_languages() -> dict[str, Language | None]:
    """The shipped file of each built-in language, or None where it is missing or has a fault of its own."""
    shelf = read_shelf(languages=tuple(_WORDS))
    sound = {code: not shelf.language_faults[code].found for code in shelf.library.speech}
    return {code: shelf.library.speech[code] if sound.get(code) else None for code in _WORDS}


def _language(code: str, shipped: Language | None) -> Language:
    name, direction, say_language, voice = _VOICES[code]
    own = {key: Spoken(text, voice, say_language) for key, text in _WORDS[code].items()}
    prompts = {**(shipped.prompts if shipped else {}), **own}
    return Language(code, name, direction, say_language, voice, 11, "", prompts)


def _to_person(name: str, kind: str, prompt: str) -> Flow:
    nodes = {"hello": Message("hello", go="person", say=(prompt,)), "person": End("person", QUEUE)}
    return Flow(name, 0, "Built in.", kind, "hello", nodes)


def _waiting() -> Flow:
    stay = Line("stay", say=(_STAY,), go="stay", timeout_s=25)
    answers = Answers(danger=(_DANGER,), choices=(_STAY,), person=(_STAY,))
    return Flow("waiting", 0, "Built in.", "waiting", "stay", {"stay": stay}, answers=answers)
