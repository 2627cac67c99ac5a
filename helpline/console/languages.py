"""The console's two languages, equals: which one a person reads, which way it runs, and how times are written."""

from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request, session
from flask_babel import Babel, Domain, get_locale
from flask_security import current_user

from helpline.line import Line

NAMES = {"en": "English", "ar": "العربية"}
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
TRANSLATIONS = Path(__file__).parent / "translations"
# In the session until someone signs in, on the account from then on.
CHOSEN_LANGUAGE = "language"


class TranslatorsFiles(Domain):
    """The words as the translators write them: no compiled copy is kept that could fall behind."""

    def get_translations(self) -> NullTranslations:
        """The words of the language of this request, read once."""
        code = str(get_locale())
        if code not in self.cache:
            self.cache[code] = _read_words(TRANSLATIONS / code / "LC_MESSAGES" / "messages.po")
        return self.cache[code]


class ConsoleBabel(Babel):
    """Flask-Babel over the translators' own files."""

    @cached_property
    def domain_instance(self) -> Domain:
        return TranslatorsFiles()


def _read_words(path: Path) -> NullTranslations:
    if not path.exists():  # English is the language of the source
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.parts[-3]))
    compiled.seek(0)
    return Translations(compiled)


def set_up_languages(app: Flask, line: Line) -> None:
    """Wire Flask-Babel, and what templates ask about language and time."""
    ConsoleBabel(
        app,
        default_locale="en",
        default_timezone=line.helpline.helpline.timezone,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=find_language,
    )

    def in_zone(at: datetime | str, form: str = "%H:%M:%S") -> str:
        """An instant as the clock on the helpline's wall shows it, in digits that both languages read."""
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        return instant.astimezone(line.helpline.zone).strftime(form)

    app.add_template_filter(in_zone)


def find_language() -> str:
    """The account's language; before sign-in the one chosen there, or the browser's."""
    if current_user and current_user.is_authenticated:
        return current_user.interface_language
    return session.get(CHOSEN_LANGUAGE) or request.accept_languages.best_match(list(NAMES)) or "en"


def describe_language() -> dict:
    """For every template: the language, its direction, and the other languages."""
    code = str(get_locale())
    return {"language": code, "direction": DIRECTIONS[code], "language_names": NAMES}
