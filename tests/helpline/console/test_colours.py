"""Every text colour stands out from its ground, in light and in dark (WCAG 2.2 AA: 4.5 to 1)."""

import re

import pytest

from helpline.console.static_files import FILES

TEXT_ON = [
    *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("ground", "surface", "sunken")),
    *((level, f"{level}-soft") for level in ("critical", "high", "elevated", "routine", "benign")),
    ("critical", "surface"),
    ("high", "surface"),
    ("accent", "accent-soft"),
    ("quiet", "accent-soft"),
    ("ink", "good-soft"),
    ("good", "good-soft"),
    ("ink", "elevated-soft"),
    ("on-accent", "accent"),
    ("on-danger", "danger"),
]
LINES_ON = [("line-strong", "surface"), ("focus", "surface"), ("focus", "ground")]


def read_schemes() -> dict[str, dict[str, str]]:
    css = (FILES / "base.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    colours = {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", text)) for name, text in (("light", light), ("dark", dark))
    }
    return colours | {"dark": colours["light"] | colours["dark"]}


def brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: str):
    colours = read_schemes()[scheme]
    faint = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in TEXT_ON}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_the_focus_stand_out(scheme: str):
    colours = read_schemes()[scheme]
    faint = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in LINES_ON}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}
