"""Which sentences are said, and in which languages: menus are put together from parts.

A choice or a wish is "for this ..." followed by "press n", so a menu may be renumbered without touching a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable

from ivr_flows.events import Prompt
from ivr_flows.model import ANY_KEY, Choice, Menu, Wish

PRESS = "press."
# "For English," and the key that goes from one language to the next.
NEXT_LANGUAGE_PROMPTS = ("language.this", "press.hash")


def compose(keys: Iterable[str], languages: Iterable[str]) -> list[Prompt]:
    """The sentences one language after another, never mixed."""
    keys = tuple(keys)
    return [Prompt(key, language) for language in languages for key in keys]


def compose_menu(
    menu: Menu, opening: Iterable[str], languages: tuple[str, ...], all_languages: tuple[str, ...] = ()
) -> list[Prompt]:
    """The opening and then the choices, one language after another.

    While several languages are spoken, a menu that offers languages goes on with all the others, in few words.
    """
    opening = tuple(opening)
    prompts: list[Prompt] = []
    for language in languages:
        prompts += compose(opening, (language,))
        for choice in menu.choices:
            prompts += _compose_choice(choice, language, alone=len(languages) == 1)
    if menu.offer and len(languages) > 1:
        for language in all_languages:
            if language not in languages:
                prompts += _offer_briefly(menu, language, first_time=opening == menu.say)
    return prompts


def _offer_briefly(menu: Menu, language: str, *, first_time: bool) -> list[Prompt]:
    said = compose(menu.offer.briefly if first_time else (), (language,))
    own = (choice for choice in menu.choices if choice.language == language)
    return said + [prompt for choice in own for prompt in _compose_choice(choice, language, alone=False)]


def offer_others(languages: Iterable[str], spoken: str) -> list[Prompt]:
    """How to come to each other language, said in that language: who needs it would not understand it in this one."""
    return compose(NEXT_LANGUAGE_PROMPTS, (language for language in languages if language != spoken))


def list_wishes(wishes: Iterable[Wish]) -> tuple[str, ...]:
    """The prompt keys that tell what may be wished, each followed by its "press n"."""
    return tuple(key for wish in wishes for key in (wish.tell, PRESS + wish.digit))


def _compose_choice(choice: Choice, language: str, alone: bool) -> list[Prompt]:
    # "For English" is said in English, whatever is spoken around it, and only once.
    if choice.language and not (alone or choice.language == language):
        return []
    spoken_in = choice.language or language
    parts = [Prompt(choice.say, spoken_in)]
    # A choice that any key takes says so in its own sentence.
    return parts if choice.digit == ANY_KEY else [*parts, Prompt(PRESS + choice.digit, spoken_in)]
