"""The pages, in Arabic and in English."""

import json
import time
import tomllib
from pathlib import Path

from flask import Blueprint, jsonify, render_template, request

from helpline.simulator.account import Account
from helpline.simulator.phonebook import Phonebook, load_phonebook
from helpline.simulator.totp import one_time_code, seconds_left

ROOM = Path(__file__).parent
LANGUAGES = ("ar", "en")
COOKIE = "phone_line_language"


def load_words(language: str) -> dict[str, str]:
    """Every text of the pages in one language."""
    return tomllib.loads((ROOM / "words" / f"{language}.toml").read_text(encoding="utf-8"))


def create_pages(account: Account, phonebook_path: Path | None) -> Blueprint:
    """Mount the pages; the phonebook is read anew for each, so a demonstration may be loaded meanwhile."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    words = {language: load_words(language) for language in LANGUAGES}

    def show(template: str) -> str:
        language = _language()
        phonebook = load_phonebook(phonebook_path)
        return render_template(
            template,
            w=words[language],
            words_json=json.dumps(words[language], ensure_ascii=False),
            language=language,
            direction="rtl" if language == "ar" else "ltr",
            page=request.endpoint,
            phonebook=phonebook,
            service_url=account.service_url,
        )

    def add_page(path: str, name: str) -> None:
        pages.add_url_rule(path, name, lambda: show(f"{name}.html"))

    add_page("/", "child")
    add_page("/phones/counsellor", "counsellor")
    add_page("/desk", "desk")
    add_page("/authenticator", "authenticator")
    add_page("/line", "line")

    @pages.get("/authenticator/codes")
    def codes():
        return jsonify(_codes(load_phonebook(phonebook_path), time.time()))

    @pages.after_request
    def remember_language(answer):
        answer.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        if request.args.get("lang") in LANGUAGES:
            answer.set_cookie(COOKIE, request.args["lang"], samesite="Lax")
        return answer

    return pages


def _language() -> str:
    """Asked for in the address, else chosen before, else what the browser prefers."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(LANGUAGES) or "ar"


def _codes(phonebook: Phonebook, unix_time: float) -> dict:
    return {
        "seconds_left": seconds_left(unix_time),
        "codes": {
            person.email: one_time_code(person.totp_secret, unix_time)
            for person in phonebook.staff
            if person.totp_secret
        },
    }
