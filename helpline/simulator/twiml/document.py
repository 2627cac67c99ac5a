"""Reads the service's TwiML as strictly as Twilio does: a fault in the XML is fatal, an unknown word a warning."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

from helpline.simulator.twiml.words import ATTRIBUTES, NESTING, NUMERIC_ATTRIBUTES, YES_OR_NO_ATTRIBUTES

PARSE_FAILURE = 12100
SCHEMA_WARNING = 12200
WRONG_CONTENT_TYPE = 12300
BODY_TOO_LARGE = 11750
LARGEST_BODY = 64 * 1024


class DocumentRefused(Exception):
    """The line cannot act on this answer at all; `code` is Twilio's error number."""

    def __init__(self, code: int, why: str):
        super().__init__(f"{code} {why}")
        self.code = code


@dataclass(frozen=True)
class Verb:
    """One instruction: its name, its attributes, what stands inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple["Verb", ...] = ()

    def get(self, attribute: str, default: str = "") -> str:
        """An attribute as written, or `default`."""
        return self.attributes.get(attribute, default)

    def number(self, attribute: str, default: int) -> int:
        """A whole number, or `default` where the attribute is missing or was warned about."""
        value = self.attributes.get(attribute, "")
        return int(value) if value.lstrip("-").isdigit() else default

    def yes(self, attribute: str, default: bool = False) -> bool:
        """A true or false attribute."""
        value = self.attributes.get(attribute)
        return default if value is None else value == "true"


@dataclass(frozen=True)
class Document:
    """A parsed answer, and what Twilio's debugger would have warned about."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...]


def parse_answer(content_type: str, body: str) -> Document:
    """The instructions in an HTTP answer; raises DocumentRefused where Twilio gives up."""
    if content_type.split(";")[0].strip().lower() not in ("text/xml", "application/xml"):
        raise DocumentRefused(WRONG_CONTENT_TYPE, f"content type {content_type or 'missing'}")
    return parse(body)


def parse(body: str) -> Document:
    """The instructions in a TwiML document; raises DocumentRefused where Twilio gives up."""
    if len(body.encode()) > LARGEST_BODY:
        raise DocumentRefused(BODY_TOO_LARGE, "the answer is larger than 64 kB")
    try:
        root = ElementTree.fromstring(body.encode())
    except ElementTree.ParseError as error:
        raise DocumentRefused(PARSE_FAILURE, f"not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentRefused(PARSE_FAILURE, f"the root is <{root.tag}>, not <Response>")
    warnings: list[str] = []
    return Document(_read_children(root, warnings), tuple(warnings))


def _read_children(element, warnings: list[str]) -> tuple[Verb, ...]:
    known, verbs = NESTING.get(element.tag, ()), []
    if element.tag == "Say":
        return ()  # speech mark-up inside <Say> is spoken text, read by _spoken_text
    for child in element:
        if child.tag not in known:
            warnings.append(f"<{child.tag}> is not known inside <{element.tag}>")
            continue
        verbs.append(_read_verb(child, warnings))
    return tuple(verbs)


def _read_verb(element, warnings: list[str]) -> Verb:
    known = ATTRIBUTES[element.tag]
    for name, value in element.attrib.items():
        if name not in known:
            warnings.append(f"<{element.tag}> has no attribute {name}")
        elif name in YES_OR_NO_ATTRIBUTES and value not in ("true", "false"):
            warnings.append(f'<{element.tag} {name}="{value}"> is neither true nor false')
        elif name in NUMERIC_ATTRIBUTES and not value.lstrip("-").isdigit():
            warnings.append(f'<{element.tag} {name}="{value}"> is not a whole number')
    accepted = {name: value for name, value in element.attrib.items() if name in known}
    return Verb(element.tag, accepted, _spoken_text(element), _read_children(element, warnings))


def _spoken_text(element) -> str:
    parts = element.itertext() if element.tag == "Say" else [element.text or ""]
    return " ".join(" ".join(parts).split())
