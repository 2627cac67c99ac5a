"""Every role at every route. A route that is not in this table fails the suite."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpline.api.guard import RouteWithoutGuard, refuse_unguarded
from helpline.api.openapi import list_routes
from helpline.staff.models import ROLES
from helpline.staff.tokens import revoke_tokens
from tests.helpline.api.conftest import Client

ALL = set(ROLES)
ANSWERING = {"counsellor", "shift_lead", "administrator"}
WATCHING = {"shift_lead", "administrator"}
MATRIX = {
    "GET /queue": ALL,
    "GET /me": ALL,
    "GET /contacts": ALL,
    "GET /contacts/<uuid:contact_id>": ALL,
    "GET /floor": WATCHING | {"auditor"},
    "GET /stream": ANSWERING,
    "GET /switches": ALL,
    "PUT /switches/<name>": WATCHING,
    "PUT /me/activity": ANSWERING,
    "POST /reservations/<uuid:reservation_id>/accept": ANSWERING,
    "POST /reservations/<uuid:reservation_id>/decline": ANSWERING,
    "PUT /contacts/<uuid:contact_id>/risk": ANSWERING,
    "GET /contacts/<uuid:contact_id>/messages": ANSWERING,
    "POST /contacts/<uuid:contact_id>/messages": ANSWERING,
    "POST /contacts/<uuid:contact_id>/messages/<uuid:message_id>/again": ANSWERING,
    "PUT /contacts/<uuid:contact_id>/texts-wanted": ANSWERING,
    "POST /contacts/<uuid:contact_id>/hand-over": ANSWERING,
    "POST /contacts/<uuid:contact_id>/alerts/seen-to": ANSWERING,
    "POST /contacts/<uuid:contact_id>/ask": ANSWERING,
    "POST /contacts/<uuid:contact_id>/call/hold": ANSWERING,
    "POST /contacts/<uuid:contact_id>/call/unhold": ANSWERING,
    "POST /contacts/<uuid:contact_id>/call/end": ANSWERING,
    "PUT /contacts/<uuid:contact_id>/record": ANSWERING,
    "POST /contacts/<uuid:contact_id>/wrap-up": ANSWERING,
    "POST /contacts/<uuid:contact_id>/offer": WATCHING,
    "POST /contacts/<uuid:contact_id>/handoffs": ANSWERING,
    "POST /contacts/<uuid:contact_id>/wanted-back": ANSWERING,
    "POST /contacts/<uuid:contact_id>/call/off": ANSWERING,
    "GET /number-marks": WATCHING | {"auditor"},
    "POST /contacts/<uuid:contact_id>/number-mark": ANSWERING,
    "POST /contacts/<uuid:contact_id>/number-mark/confirm": WATCHING,
    "POST /contacts/<uuid:contact_id>/number-mark/lift": WATCHING,
    "GET /missed": ANSWERING,
    "GET /missed/<uuid:missed_id>": ANSWERING,
    "POST /missed/<uuid:missed_id>/take": ANSWERING,
    "POST /missed/<uuid:missed_id>/notes": ANSWERING,
    "PUT /missed/<uuid:missed_id>/plan": ANSWERING,
    "POST /missed/<uuid:missed_id>/plan/withdraw": ANSWERING,
    "POST /missed/<uuid:missed_id>/call-back": ANSWERING,
    "POST /missed/<uuid:missed_id>/write-first": ANSWERING,
    "POST /missed/<uuid:missed_id>/close": ANSWERING,
    "GET /handoffs/<ref>": ALL,
    "POST /handoffs/inbound": ANSWERING,
    "GET /shelters": ALL,
    "PUT /shelters/<partner>/<site>/<bed>": ANSWERING,
    "POST /handoffs/<ref>/<transition>": ANSWERING,
}
OPEN = {"GET /openapi.json"}


def routes_of(app: Flask) -> Iterator[str]:
    for rule, _view in list_routes(app):
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule.removeprefix('/api/v1')}"


def address(route: str) -> tuple[str, str]:
    """The method and an address of that route, about something that does not exist."""
    method, path = route.split()
    return method, re.sub(r"<transition>|<name>", "accept", re.sub(r"<uuid:\w+>|<ref>", str(uuid4()), path))


def ask(client: Client, route: str) -> int:
    method, path = address(route)
    answer = client.ask(method, path)
    answer.close()
    return answer.status_code


def test_every_route_is_in_the_table(app: Flask):
    assert set(routes_of(app)) == set(MATRIX) | OPEN


def test_only_the_roles_in_the_table_are_let_in(everyone: dict[str, Client]):
    wrong = []
    for route, roles in MATRIX.items():
        for role, client in everyone.items():
            status = ask(client, route)
            let_in = status not in (401, 403)
            if let_in != (role in roles):
                wrong.append(f"{role} {route}: {status}")
    assert wrong == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic bm86bm8="}])
def test_without_a_valid_token_every_route_answers_401_and_how_to_come_in(app: Flask, headers: dict):
    for route in MATRIX:
        method, path = address(route)
        answer = app.test_client().open("/api/v1" + path, method=method, headers=headers)
        assert (answer.status_code, answer.json["type"]) == (401, "/problems/no-token"), route
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_is_worth_nothing_at_once(mariam: Client, session: Session):
    assert mariam.get("/me").status_code == 200
    revoke_tokens(session, mariam.staff, "operator")
    session.commit()
    assert mariam.get("/me").status_code == 401


def test_the_application_refuses_a_route_that_does_not_say_who_may_use_it():
    app = Flask(__name__)
    app.add_url_rule("/api/v1/forgotten", "api.forgotten", lambda: "")
    with pytest.raises(RouteWithoutGuard, match="forgotten"):
        refuse_unguarded(app, "api")
