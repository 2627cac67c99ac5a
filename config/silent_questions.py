"""Reads silent_questions.toml: what a child who can not speak may be asked, to be answered with a key."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.data_file import Strict, read_table

Answer = Literal["yes", "no", "none"]
Signal = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")


class Label(Strict):
    """What stands on the counsellor's button."""

    en: str = Field(min_length=1)
    ar: str = Field(min_length=1)


class Question(Strict):
    """One question. `yes`, `no` and `none` name the signal that this answer is to the risk rules, if it is any."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Label
    yes: str | None = Signal
    no: str | None = Signal
    none: str | None = Signal

    @property
    def prompt(self) -> str:
        """The key of the sentence that the child hears."""
        return f"ask.{self.code}"

    def signal_of(self, answer: Answer) -> str | None:
        """What this answer tells the risk rules."""
        return getattr(self, answer)


class SilentQuestions(Strict):
    """Everything in silent_questions.toml."""

    schema_version: Literal[1] = Field(alias="schema")
    owner: str
    reviewed_by: str
    listen_s: int = Field(ge=4, le=30)
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> "SilentQuestions":
        codes = [question.code for question in self.questions]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"questions: {', '.join(twice)} stands there twice")
        return self

    def find(self, code: str) -> Question | None:
        """The question with this code."""
        return next((question for question in self.questions if question.code == code), None)

    @property
    def signals(self) -> set[str]:
        """Every signal that an answer may be."""
        told = (question.signal_of(answer) for question in self.questions for answer in ("yes", "no", "none"))
        return {signal for signal in told if signal}


def load_silent_questions(folder: Path) -> SilentQuestions:
    """Read `folder`/silent_questions.toml. Raises ConfigInvalid naming each fault with its place."""
    return read_table(folder / "silent_questions.toml", SilentQuestions)
