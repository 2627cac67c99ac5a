"""Letters to partners by e-mail: that something waits, how urgent, whom to call, and a link. Never what it is about.

A letter may be read by anybody on its way and stays where it was read, so it holds what level D0 holds and no more.
"""

from email.message import EmailMessage
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from config.partners import LANGUAGES
from helpline.handoff import letter_words as words
from helpline.handoff.links import make_link, registered_mailbox
from helpline.handoff.models import Attempt, Handoff, Offer
from helpline.handoff.untold import CanNotBeTold
from helpline.line import Line
from helpline.mail import LetterRefused, send_letter
from helpline.outbox.bell import commit

# Where partners' pages are, below our public address.
PAGES = "/partner/"
# Nothing is left to open for whoever gets one of these.
WITHOUT_LINK = ("withdrawn", "declined", "returned", "receipt")


def send_by_mail(session: Session, line: Line, handoff: Handoff, attempt: Attempt) -> str:
    """Carry one message by e-mail; returns its Message-ID. Raises CanNotBeTold, or what may pass by trying again."""
    partner = line.partners.get(attempt.partner)
    mailbox = registered_mailbox(partner) if partner else None
    if mailbox is None:
        raise CanNotBeTold("no_mailbox")
    if not line.settings.can_send_mail:
        raise CanNotBeTold("no_mail_server")
    letter = _write_letter(line, handoff, attempt, partner.languages)
    letter["To"] = mailbox
    if attempt.offer_id and attempt.about not in WITHOUT_LINK:
        token = make_link(session, line, session.get_one(Offer, attempt.offer_id), mailbox)
        commit(session, line.bell)  # the link opens before anybody can have it, and no lock is held while mail goes out
        _add_link(letter, line.settings.public_base_url + PAGES + token)
    try:
        send_letter(line.settings, letter)
    except LetterRefused as refused:
        raise CanNotBeTold(str(refused)) from refused
    return letter["Message-ID"]


def announce_by_mail(session: Session, line: Line, handoff: Handoff, attempt: Attempt) -> str | None:
    """Tell a partner on the portal that something waits, where it has a mailbox and we can write to it."""
    partner = line.partners.get(attempt.partner)
    if partner is None or registered_mailbox(partner) is None or not line.settings.can_send_mail:
        return None
    return send_by_mail(session, line, handoff, attempt)


def _write_letter(line: Line, handoff: Handoff, attempt: Attempt, languages: tuple[str, ...]) -> EmailMessage:
    """Both languages in one letter, the partner's own first."""
    order = sorted(LANGUAGES, key=lambda language: languages.index(language) if language in languages else 99)
    facts = {"ref": handoff.ref, "number": line.helpline.numbers.caller_id}
    letter = EmailMessage()
    letter["From"] = line.settings.mail_sender
    letter["Subject"] = " / ".join(_subject(handoff, language) for language in order)
    letter["Message-ID"] = _message_id(line, attempt)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n\n".join(_body(handoff, attempt, language).format(**facts) for language in order))
    return letter


def _subject(handoff: Handoff, language: str) -> str:
    drill = words.EXERCISE[language] + " " if handoff.exercise else ""
    return f"{drill}{handoff.ref}: {words.URGENCY[handoff.priority][language]}"


def _body(handoff: Handoff, attempt: Attempt, language: str) -> str:
    drill = words.EXERCISE[language] + "\n" if handoff.exercise else ""
    urgency = words.URGENCY[handoff.priority][language]
    return f"{drill}{words.ABOUT[attempt.about][language]}\n{words.FACTS[language]}".replace("{urgency}", urgency)


def _add_link(letter: EmailMessage, address: str) -> None:
    letter.set_content(f"{letter.get_content().rstrip()}\n\n{words.OPEN['en']} / {words.OPEN['ar']}\n{address}\n")


def _message_id(line: Line, attempt: Attempt) -> str:
    """The same message again has the same name, and whoever got it keeps one. The key itself tells the reference."""
    return f"<{sha256(attempt.idem_key.encode()).hexdigest()[:40]}@{urlsplit(line.settings.public_base_url).hostname}>"
