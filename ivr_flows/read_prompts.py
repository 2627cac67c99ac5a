"""From one language file to a Language. A sentence is text to speak, or a recording with its words."""

from __future__ import annotations

from typing import Any

from ivr_flows.library import Language, Recorded, Spoken
from ivr_flows.table import Table

SCHEMA = 1
DIRECTIONS = ("ltr", "rtl")


def read_language(table: Table) -> Language:
    """Read a whole file; its faults are on the table's fault list."""
    if table.whole("schema", 1, 99) != SCHEMA:
        table.fault("schema", f"must be {SCHEMA}: this program reads no other form of language file")
    direction = table.text("direction")
    if direction not in DIRECTIONS:
        table.fault("direction", f"must be one of {', '.join(DIRECTIONS)}")
    voice, say_language = table.text("voice", ""), table.text("say_language", "")
    prompts = table.table("prompts")
    language = Language(
        code=table.text("language"),
        name=table.text("name"),
        direction=direction,
        say_language=say_language,
        voice=voice,
        characters_per_second=table.whole("characters_per_second", 5, 30),
        reviewed_by=table.text("reviewed_by", ""),
        names=table.words("names"),
        word_for_language=table.words("word_for_language"),
        telling_words=table.words("telling_words"),
        prompts=read_sentences(prompts, voice, say_language) if prompts else {},
    )
    table.finish()
    return language


def read_sentences(table: Table, voice: str, say_language: str) -> dict[str, Spoken | Recorded]:
    """Every sentence of a table, by key, for this voice."""
    return {key: _read_prompt(table, key, value, voice, say_language) for key, value in table.values.items()}


def _read_prompt(table: Table, key: str, value: Any, voice: str, say_language: str) -> Spoken | Recorded:
    if not isinstance(value, dict):
        return Spoken(text=table.text(key), voice=voice, say_language=say_language)
    recording = Table(value, table.inside(key), table.faults)
    recorded = Recorded(file=recording.text("recording"), sha256=recording.text("sha256"), text=recording.text("text"))
    recording.finish()
    return recorded
