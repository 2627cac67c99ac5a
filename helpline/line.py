"""The line: what every part above needs. Only which flows and risk rules are in force changes while the process runs.

Built once in app.py and handed down as an argument, so that no room reaches for a global.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from config.handoffs import Workflow
from config.helpline import Helpline
from config.partners import Partner
from config.settings import Settings
from config.silent_questions import SilentQuestions
from config.text_words import TextWords
from helpline.flow_book.book import FlowBook
from helpline.likeness.opinions import SecondOpinion
from helpline.outbox.bell import Bell
from helpline.privacy.keys import KeyRing
from helpline.rule_book.book import RuleBook
from helpline.telephony.twiml import Speaker
from ivr_flows.library import Library
from triage.model import RiskLevel
from triage.ordering import QueuePolicy
from triage.rules import RuleSet


@dataclass(frozen=True)
class Line:
    """One helpline's settings, data files, keys and doorbell."""

    settings: Settings
    helpline: Helpline
    text_words: TextWords
    book: FlowBook
    rule_book: RuleBook
    second_opinion: SecondOpinion
    policy: QueuePolicy
    keys: KeyRing
    bell: Bell
    speaker: Speaker
    partners: Mapping[str, Partner]
    workflows: Mapping[str, Workflow]
    questions: SilentQuestions

    @property
    def flows(self) -> Library:
        """The flows in force at this moment, and those in which calls may still be under way."""
        return self.book.library

    @property
    def rules(self) -> RuleSet:
        """The risk rules in force at this moment."""
        return self.rule_book.rules

    def follow(self, engine: Engine) -> None:
        """From now on take up what is put in force elsewhere, within seconds. Begins once; costs nothing after."""
        self.book.follow(engine)
        self.rule_book.follow(engine)

    @property
    def first_language(self) -> str:
        """The language of the first words, before the child has chosen."""
        return self.helpline.languages.offered[0]

    def targets(self, channel: str) -> dict[RiskLevel, int]:
        """Seconds until a person should have answered, by level, on this channel."""
        return {RiskLevel(level): s for level, s in self.helpline.targets.for_channel(channel).items()}
