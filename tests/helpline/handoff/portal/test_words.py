"""The pages' two languages are equals, and every code of the shipped files has words in both."""

import re
from pathlib import Path

from config.handoffs import load_workflows
from config.partners import load_partners
from helpline.handoff import letter_words
from helpline.handoff.accepting import SERVICE_ANSWERS
from helpline.handoff.milestones import MILESTONE_ANSWERS
from helpline.handoff.models import TELLINGS
from helpline.handoff.partner_acts import DECLINE_CODES
from helpline.handoff.progress import RETURN_REASONS
from helpline.portal.wording import load_wording

CONFIG = Path(__file__).resolve().parents[4] / "config"
PLACEHOLDER = re.compile(r"\{\w+\}")


def test_every_key_is_in_both_languages_with_the_same_places_to_fill():
    arabic, english = (load_wording()[code].tables for code in ("ar", "en"))
    assert set(arabic) == set(english)
    for table in english:
        if table == "reviewed_by":
            continue
        assert set(arabic[table]) == set(english[table]), table
        for key, words in english[table].items():
            assert PLACEHOLDER.findall(arabic[table][key]) == PLACEHOLDER.findall(words), key


def test_every_code_of_the_shipped_workflows_and_partners_has_words():
    known = load_wording()["ar"].tables
    for workflow in load_workflows(CONFIG).values():
        assert {phase.code for phase in workflow.phases} <= set(known["phase"]), workflow.workflow
        assert set(workflow.outcomes) <= set(known["outcome"]), workflow.workflow
        assert set(workflow.services) <= set(known["service"]), workflow.workflow
        assert {milestone.track for milestone in workflow.milestones} <= set(known["track"]), workflow.workflow
    for partner in load_partners(CONFIG).values():
        assert partner.area in known["area"]
        assert {need for site in partner.sites for need in (*site.needs, *site.access)} <= set(known["need"])


def test_every_choice_of_a_form_has_words():
    known = load_wording()["en"].tables
    chosen = {"decline": DECLINE_CODES, "return": RETURN_REASONS, "service_answer": SERVICE_ANSWERS}
    for table, codes in (chosen | {"milestone_answer": MILESTONE_ANSWERS}).items():
        assert set(codes) == set(known[table]), table


def test_every_message_to_a_partner_has_words_in_both_languages():
    for words in (*letter_words.URGENCY.values(), *letter_words.ABOUT.values(), letter_words.FACTS, letter_words.OPEN):
        assert set(words) == {"ar", "en"}
    assert set(letter_words.ABOUT) == set(TELLINGS)
