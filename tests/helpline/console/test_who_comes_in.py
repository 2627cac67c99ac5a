"""Guards, tokens against forged requests, and what every page tells the browser."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpline.audit.models import AuditRow
from helpline.console import PAGES
from helpline.contacts.models import Contact
from helpline.staff.models import ROLES
from tests.helpline.console.visitor import ADDRESS, Account, Visitor

ROOMS = tuple(pages.name for pages in PAGES)
ANYBODY = {"home.choose_language"}
# Every page and act, and who may come in. A route that is not here fails the test below.
ANSWERING, WATCHING = {"counsellor", "shift_lead"}, {"shift_lead", "administrator"}
OPEN_TO = {
    "home.start": set(ROLES),
    "home.sign_out": set(ROLES),
    "counsellor.console": ANSWERING,
    "counsellor.stage": ANSWERING,
    "counsellor.stream": ANSWERING,
    "counsellor.change_activity": ANSWERING,
    "counsellor.change_device": ANSWERING,
    "softphone_acts.choose_device": ANSWERING,
    "softphone_acts.token": ANSWERING,
    "contact_acts.accept": ANSWERING,
    "contact_acts.decline": ANSWERING,
    "contact_acts.hold": ANSWERING,
    "contact_acts.set_level": ANSWERING,
    "contact_acts.end_talk": ANSWERING,
    "contact_acts.write_text": ANSWERING,
    "contact_acts.keep_notes": ANSWERING,
    "contact_acts.keep_record": ANSWERING,
    "contact_acts.judge_afterwards": ANSWERING,
    "contact_acts.finish": ANSWERING,
    "contact_acts.reveal_number": ANSWERING | WATCHING,
    "handoff_acts.ask_for_police": ANSWERING,
    "handoff_acts.act_on_handoff": ANSWERING,
    "handoff_acts.take_from_floor": {"shift_lead"},
    "handoff_acts.hand_on": ANSWERING,
    "handoff_acts.act_on_page": ANSWERING,
    "handoff_pages.board": ANSWERING | WATCHING,
    "handoff_pages.one": ANSWERING | WATCHING,
    "handoff_pages.ways": ANSWERING,
    "floor.page": WATCHING,
    "floor.board": WATCHING,
    "floor.stream": WATCHING,
    "floor.offer": WATCHING,
    "floor.set_level": WATCHING,
    "contact_pages.contact_page": ANSWERING | WATCHING,
    "contact_acts.ask_by_key": ANSWERING,
    "text_acts.send_again": ANSWERING,
    "text_acts.see_to": ANSWERING | WATCHING,
    "text_acts.decide_texts": ANSWERING | WATCHING,
    "text_acts.ask_to_call": ANSWERING | WATCHING,
    "text_acts.hand_over": ANSWERING | WATCHING,
    "text_acts.allow_link_or_number": {"shift_lead"},
    "text_acts.release_attachment": {"shift_lead"},
    "missed_pages.page": ANSWERING | WATCHING,
    "missed_pages.board": ANSWERING | WATCHING,
    "missed_pages.stream": ANSWERING | WATCHING,
    "missed_pages.row": ANSWERING | WATCHING,
    "mark_acts.set_mark": WATCHING,
    "mark_acts.confirm": WATCHING,
    "mark_acts.lift": WATCHING,
    "missed_acts.take": ANSWERING | WATCHING,
    "missed_acts.note": ANSWERING | WATCHING,
    "missed_acts.record_plan": ANSWERING | WATCHING,
    "missed_acts.withdraw_plan": ANSWERING | WATCHING,
    "missed_acts.call_back": ANSWERING,
    "missed_acts.write_first": ANSWERING,
    "missed_acts.close": ANSWERING | WATCHING,
    "missed_acts.call_off": ANSWERING,
    "missed_acts.want_back": ANSWERING,
    "switch_pages.page": WATCHING,
    "switch_pages.turn_it_on": WATCHING,
    "switch_pages.turn_it_off": WATCHING,
    "flow_pages.overview": WATCHING,
    "flow_pages.page": WATCHING,
    "flow_pages.walk": WATCHING,
    "flow_pages.compare": WATCHING,
    "flow_pages.draft": WATCHING,
    "flow_acts.save": {"administrator"},
    "flow_acts.throw_away": {"administrator"},
    "flow_acts.publish": {"administrator"},
    "flow_acts.approve": WATCHING,
    "flow_acts.send_back": WATCHING,
    "flow_acts.go_back": {"administrator"},
    "rule_pages.page": WATCHING,
    "rule_pages.trial": WATCHING,
    "rule_acts.ask": WATCHING,
    "rule_acts.approve": WATCHING,
    "rule_acts.stop": WATCHING,
    "rule_acts.go_back": WATCHING,
}


def console_routes(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in ROOMS]


def path_of(app: Flask, rule) -> str:
    values = {"contact_id": uuid4(), "reservation_id": uuid4(), "ref": "H-0000-00", "name": "take"}
    values |= {"message_id": uuid4(), "media_id": uuid4(), "missed_id": uuid4(), "flow": "welcome"}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def test_every_route_is_in_the_table(app: Flask):
    assert {rule.endpoint for rule in console_routes(app)} == set(OPEN_TO) | ANYBODY


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in_where_the_table_says_and_nowhere_else(app: Flask, hire, role: str):
    visitor = Visitor(app).sign_in(hire(role))
    token = visitor.token
    for rule in console_routes(app):
        if rule.endpoint in ANYBODY | {"home.sign_out"} or rule.endpoint.endswith(".stream"):
            continue
        path = path_of(app, rule)
        answer = visitor.post(path, token=token) if "POST" in rule.methods else visitor.open(path)
        came_in = answer.status_code != 403
        assert came_in == (role in OPEN_TO[rule.endpoint]), (role, rule.endpoint, answer.status)


def test_strangers_are_sent_to_sign_in_and_brought_back_after(app: Flask, counsellor: Account):
    stranger = Visitor(app)
    answer = stranger.open("/console")

    assert answer.location == "/sign-in?next=/console"


def test_scripts_of_an_ended_session_are_told_so(visitor: Visitor):
    assert visitor.open("/console/stage", **{"X-Console": "fragment"}).status_code == 401


def test_no_act_works_without_the_pages_token(app: Flask, visitor: Visitor, lead: Account, session: Session):
    visitor.sign_in(lead)
    before = session.scalar(select(func.count()).select_from(AuditRow))
    session.rollback()
    for rule in console_routes(app):
        if "POST" in rule.methods:
            assert visitor.post(path_of(app, rule), token=None).status_code == 403, rule.endpoint
            assert visitor.post(path_of(app, rule), token="forged").status_code == 403, rule.endpoint
    assert visitor.client.post("/sign-in", base_url=ADDRESS, data={}).status_code in (303, 403)
    assert session.scalar(select(func.count()).select_from(AuditRow)) == before


def test_opening_a_page_changes_no_contact(
    app: Flask, texting_child, visitor: Visitor, lead: Account, session: Session
):
    contact = session.scalars(select(Contact)).one()
    before = {column.name: getattr(contact, column.name) for column in Contact.__table__.columns}
    visitor.sign_in(lead)
    for rule in console_routes(app):
        if "GET" in rule.methods and not rule.endpoint.endswith(".stream"):
            visitor.open(path_of(app, rule))
    session.expire_all()
    assert {column.name: getattr(contact, column.name) for column in Contact.__table__.columns} == before


@pytest.mark.parametrize("path", ["/sign-in", "/console", "/floor", "/console/stage"])
def test_pages_are_kept_nowhere_and_run_only_our_own_scripts(visitor: Visitor, lead: Account, path: str):
    if path != "/sign-in":
        visitor.sign_in(lead)
    headers = visitor.open(path).headers
    policy = headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "<script>" not in visitor.page.text and "style=" not in visitor.page.text


def test_a_foreign_contact_and_none_at_all_are_answered_alike(
    texting_child, visitor: Visitor, counsellor: Account, session: Session
):
    visitor.sign_in(counsellor)
    contact = session.scalars(select(Contact)).one()
    foreign = visitor.open(f"/contacts/{contact.id}")
    unknown = visitor.open(f"/contacts/{uuid4()}")

    assert foreign.status_code == unknown.status_code == 404
    assert told(foreign) == told(unknown)


def told(page: TestResponse) -> str:
    return page.text.split("<main")[1]
