"""What a text to a child may point to: what the helpline lists for the child's country, or a shift lead allows."""

import pytest
from sqlalchemy.orm import Session

from config.helpline import Allowed
from helpline import answering, conversing
from helpline.contacts.models import Contact
from helpline.conversing import NotAllowedHere
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.texting.outgoing import PointsElsewhere, find_unlisted
from tests.helpline.texting.story import hire

ALLOWED = Allowed(domains=("moi.gov.qa",), numbers=("999", "+97444000919"))


@pytest.mark.parametrize(
    "body",
    [
        "I am here. How are you?",
        "call 999",
        "اتصل على ٩٩٩",
        "call 4400 0919 or +974 4400-0919",
        "see https://portal.moi.gov.qa/help",
        "at 7.30 on 12/3/2026, for 20 minutes; you are 12",
    ],
)
def test_plain_words_times_and_what_is_listed_may_go(body: str):
    assert find_unlisted(body, ALLOWED) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("call 911", "911"),
        ("اتصل على ٥٥١٢٣٤٥٦", "55123456"),
        ("ring +974 5512 3456", "+97455123456"),
        ("bit.ly/x", "bit.ly"),
        ("HTTPS://EXAMPLE.ORG", "example.org"),
        ("evil-moi.gov.qa", "evil-moi.gov.qa"),
        ("moi.gov.qa.example.org", "moi.gov.qa.example.org"),
        ("ex\u200bample.org", "example.org"),
    ],
)
def test_everything_else_is_found_however_it_is_written(body: str, found: str):
    assert find_unlisted(body, ALLOWED) == [found]


def test_what_is_not_listed_is_refused_until_a_shift_lead_allows_it_here(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    lead = hire(session, line, "lead", role="shift_lead")
    body = "the school nurse: 5512 3456"
    with pytest.raises(PointsElsewhere):
        answering.write_text(session, line, counsellor, conversation.id, body)
    with pytest.raises(NotAllowedHere):
        conversing.allow_link_or_number(session, line, counsellor, conversation.id, "55123456", "she asked")

    conversing.allow_link_or_number(session, line, lead, conversation.id, "55123456", "she asked")
    session.commit()

    answering.write_text(session, line, counsellor, conversation.id, body)
