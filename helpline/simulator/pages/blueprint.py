"""The pages, in Arabic and in English."""

import json
import time
import tomllib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template, request

from helpline.simulator.current import the_line, the_mailbox, the_phonebook
from helpline.simulator.totp import one_time_code, seconds_left

ROOM = Path(__file__).parent
LANGUAGES = ("ar", "en")
COOKIE = "phone_line_language"
PAGES = {
    "/": "child",
    "/phones/counsellor": "counsellor",
    "/desk": "desk",
    "/authenticator": "authenticator",
    "/mail": "mail",
    "/line": "line",
}

pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")


@cache
def load_words(language: str) -> dict[str, str]:
    """Every text of the pages in one language."""
    return tomllib.loads((ROOM / "words" / f"{language}.toml").read_text(encoding="utf-8"))


def show_page() -> str:
    """The page that stands at the request's address."""
    language = _language()
    words = load_words(language)
    return render_template(
        f"{PAGES[request.path]}.html",
        w=words,
        words_json=json.dumps(words, ensure_ascii=False),
        people_json=json.dumps(_people(words), ensure_ascii=False),
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        pages=PAGES,
        phonebook=the_phonebook(),
        letters=the_mailbox().list_letters(),
        service_url=the_line().account.service_url,
    )


for path, name in PAGES.items():
    pages.add_url_rule(path, name, show_page)


@pages.get("/authenticator/codes")
def show_codes():
    """The codes of this moment, by the e-mail address they sign in with."""
    moment = time.time()
    codes = {
        person.email: one_time_code(person.totp_secret, moment)
        for person in the_phonebook().staff
        if person.totp_secret
    }
    return jsonify(seconds_left=seconds_left(moment), codes=codes)


@pages.after_request
def remember_language(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    if request.args.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, request.args["lang"], samesite="Lax")
    return answer


def _people(words: dict[str, str]) -> dict[str, str]:
    """What the pages call the phones of the demonstration, by number."""
    book = the_phonebook()
    staff = {person.number: words.get(f"role_{person.role}", person.role) for person in book.staff if person.device}
    return staff | {desk.number: desk.name for desk in book.desks}


def _language() -> str:
    """Asked for in the address, else chosen before, else what the browser prefers."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(LANGUAGES) or "ar"
