"""An edition: one sound set of flows and sentences, made from the shipped files and from what was published.

Of each flow the newest sound version is in force, shipped or published. A version with a fault is passed over, told,
and the one before it stays; so neither a slip in a file nor a newer program that refuses an old text closes the line.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from helpline.flow_book.texts import SENTENCES, FlowText, read_text, unbound
from ivr_flows.check import check_shelf
from ivr_flows.check_choices import DIGIT_PROMPTS
from ivr_flows.check_flow import said_by
from ivr_flows.edge_prompts import EDGE_PROMPTS
from ivr_flows.faults import Fault, FaultList
from ivr_flows.library import Language, Library, Recorded, Spoken
from ivr_flows.shelf import PACKAGE, Shelf, read_shelf


@dataclass(frozen=True, slots=True)
class Published:
    """One published version, as it is kept. `recent` when a call may still be under way in it."""

    flow: str
    version: int
    source: str
    recent: bool = True


@dataclass(frozen=True, slots=True)
class Edition:
    """What is in force: the library, the text of each flow, and what was passed over with its faults.

    It holds everything up to the publication `number`.
    """

    library: Library
    texts: Mapping[str, FlowText]
    number: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipped:
    """The files that come with the program: the languages of calls in order, those of texts only, and the folder."""

    languages: Sequence[str]
    folder: Path | None = None
    in_texts: Sequence[str] = ()

    def read(self) -> Shelf:
        """The files as they are now, with their faults beside them."""
        return read_shelf(self.folder, self.languages, self.in_texts)

    def read_source(self, flow: str) -> str | None:
        """The text of one flow's file; None where there is none."""
        path = (self.folder or PACKAGE) / "flows" / f"{flow}.toml"
        return path.read_text(encoding="utf-8") if path.is_file() else None


def make_edition(shipped: Shipped, published: Sequence[Published], number: int) -> tuple[Edition | None, list[Fault]]:
    """The newest sound version of each flow, and what was passed over. None when no sound set is left."""
    shelf = shipped.read()
    by_flow = _list_newest_first(shelf, published)
    passed_over = [fault for unread in shelf.other_faults for fault in unread.found]
    chosen = _choose(by_flow)
    while chosen and (faults := find_faults(shelf, chosen)):
        passed_over += [_naming_version(fault, chosen) for fault in faults]
        at_fault = [name for name in chosen if any(fault.file == _file_of(name) for fault in faults)]
        for name in at_fault or chosen:
            by_flow[name].pop(0)
        chosen = _choose(by_flow)
    if not chosen:
        return None, passed_over
    recent = {(one.flow, one.version) for one in published if one.recent} | shelf.library.flows.keys()
    kept = [text for older in by_flow.values() for text in older[1:] if (text.name, text.version) in recent]
    library = _lay_together(shelf, [*chosen.values(), *(text for text in kept if text.flow)])
    return Edition(library, chosen, number, tuple(passed_over)), passed_over


def try_text(shipped: Shipped, in_force: Edition, draft: Published) -> tuple[Library | None, list[Fault]]:
    """The library as it would be with this text in force; without one, the faults for which it may not be."""
    shelf = shipped.read()
    text = read_text(draft.flow, draft.version, draft.source, shelf.library.speech)
    for code in text.unspoken:
        text.faults.add(f"{SENTENCES}.{code}", f"{code!r} is not a language that is spoken here")
    if text.flow is None or text.faults.found:
        return None, text.faults.found
    chosen = _choose(_list_newest_first(shelf, ())) | in_force.texts | {draft.flow: text}
    faults = find_faults(shelf, chosen)
    return (None, faults) if faults else (_lay_together(shelf, chosen.values()), [])


def read_alone(shipped: Shipped, one: Published) -> Library | None:
    """A library with this version in force, to look at it whether it is sound or not. None when it can not be read."""
    shelf = shipped.read()
    text = read_text(one.flow, one.version, one.source, shelf.library.speech)
    if text.flow is None:
        return None
    return _lay_together(shelf, (_choose(_list_newest_first(shelf, ())) | {one.flow: text}).values())


def find_faults(shelf: Shelf, chosen: Mapping[str, FlowText]) -> list[Fault]:
    """What the check has to say of exactly these versions together. A fault in a flow's own sentence is its flow's."""
    lists = {name: _fresh(text.faults) for name, text in chosen.items()}
    readable = [text for text in chosen.values() if text.flow]
    flows = {(text.name, text.version): text.flow for text in readable}
    speech = _add_sentences(shelf.library.speech, readable)
    said = EDGE_PROMPTS.keys() | DIGIT_PROMPTS | {key for flow in flows.values() for _, key in said_by(flow)}
    own = {text.bound(key) for text in readable for key in text.own_keys}
    # A shipped sentence that has been replaced everywhere is no fault of anybody's.
    speech = {code: _only(language, said | own) for code, language in speech.items()}
    tried = Shelf(
        folder=shelf.folder,
        library=Library(flows, speech, heard=shelf.library.heard),
        flow_faults={(text.name, text.version): lists[text.name] for text in readable},
        language_faults={code: _fresh(faults) for code, faults in shelf.language_faults.items()},
        other_faults=[_fresh(unread) for unread in shelf.other_faults if not unread.file.startswith("flows/")],
    )
    tried.other_faults.extend(lists[text.name] for text in chosen.values() if text.flow is None)
    return [_refile(fault, chosen, lists) for fault in check_shelf(tried)]


def _list_newest_first(shelf: Shelf, published: Iterable[Published]) -> dict[str, list[FlowText]]:
    flows = shelf.library.flows.items()
    texts = {key: FlowText(*key, flow, shelf.flow_faults[key], is_shipped=True) for key, flow in flows}
    for one in published:
        texts[one.flow, one.version] = read_text(one.flow, one.version, one.source, shelf.library.speech)
    by_flow: dict[str, list[FlowText]] = {}
    for name, version in sorted(texts, reverse=True):
        by_flow.setdefault(name, []).append(texts[name, version])
    return by_flow


def _choose(by_flow: Mapping[str, Sequence[FlowText]]) -> dict[str, FlowText]:
    """The newest that is left of each flow; nothing at all when a flow has none left."""
    return {name: texts[0] for name, texts in by_flow.items()} if all(by_flow.values()) else {}


def _lay_together(shelf: Shelf, texts: Iterable[FlowText]) -> Library:
    texts = list(texts)
    flows = {(text.name, text.version): text.flow for text in texts}
    return Library(flows, _add_sentences(shelf.library.speech, texts), heard=shelf.library.heard)


def _add_sentences(speech: Mapping[str, Language], texts: Iterable[FlowText]) -> dict[str, Language]:
    """Languages with the texts' own sentences. Where a text has none in a language, the shipped one is heard."""
    texts = list(texts)
    return {code: _with_own(language, texts) for code, language in speech.items()}


def _with_own(language: Language, texts: Iterable[FlowText]) -> Language:
    own: dict[str, Spoken | Recorded] = {}
    for text in texts:
        for key in text.own_keys:
            sentence = text.sentences.get(language.code, {}).get(key) or language.prompts.get(key)
            if sentence:
                own[text.bound(key)] = sentence
    return replace(language, prompts={**language.prompts, **own})


def _only(language: Language, keys: set[str]) -> Language:
    return replace(language, prompts={key: one for key, one in language.prompts.items() if key in keys})


def _fresh(faults: FaultList) -> FaultList:
    """A list that begins with the same faults and grows by itself: one reading is checked more than once."""
    again = copy(faults)
    again.found = list(faults.found)
    return again


def _refile(fault: Fault, chosen: Mapping[str, FlowText], lists: Mapping[str, FaultList]) -> Fault:
    """The fault with keys as they are written; one in a flow's own sentence, at its place in the flow's text."""
    code = fault.file.removeprefix("prompts/").removesuffix(".toml")
    for text in chosen.values():
        key = next((key for key in text.own_keys if f"prompts.{text.bound(key)}" in fault.place), None)
        if key:
            lists[text.name].add(f"{SENTENCES}.{code}.{key}", unbound(fault.text))
            return lists[text.name].found[-1]
    return Fault(fault.file, unbound(fault.place), unbound(fault.text))


def _naming_version(fault: Fault, chosen: Mapping[str, FlowText]) -> Fault:
    version = next((text.version for name, text in chosen.items() if fault.file == _file_of(name)), None)
    return Fault(fault.file, fault.place, fault.text if version is None else f"{fault.text} (version {version})")


def _file_of(name: str) -> str:
    return f"flows/{name}.toml"
