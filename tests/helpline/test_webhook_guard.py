"""Only what our telephone company has signed, for our account and our numbers, comes in. The rest is a plain no."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import create_app
from config.settings import Settings
from helpline.onebox.children import Program
from helpline.onebox.web_server import web_server_command
from helpline.telephony.signature import SignatureCheck
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.phone_company import ACCOUNT_SID, AUTH_TOKEN, CHILD, HELPLINE
from tests.journeys.running_service import PROJECT, Process, as_environment, free_port

PREVIOUS_TOKEN, STRANGE_TOKEN = "p" * 32, "s" * 32
# Asks nothing of the database, so that what answers here is the guard alone.
FALLBACK = "/voice/fallback"
FORM = {"AccountSid": ACCOUNT_SID, "CallSid": "CA" + "1" * 32, "From": CHILD, "To": HELPLINE, "Digits": "٣ +&="}


def settings_without_servers(**others: str) -> Settings:
    return settings_for("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9", **others)


@pytest.fixture(scope="module")
def app() -> Flask:
    app = create_app(settings_without_servers(TWILIO_AUTH_TOKEN_PREVIOUS=PREVIOUS_TOKEN))
    app.testing = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def sign(address: str, form: dict | MultiDict, token: str = AUTH_TOKEN) -> str:
    return RequestValidator(token).compute_signature(address, form)


def post(client: FlaskClient, path: str = FALLBACK, form: dict | MultiDict = FORM, **headers: str) -> TestResponse:
    signed = {"X-Twilio-Signature": sign(PUBLIC + path, form)}
    return client.post(path, data=form, headers=signed | {name.replace("_", "-"): v for name, v in headers.items()})


def webhooks(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/voice/", "/sms/"))]
    return sorted(rule.rule for rule in rules)


def test_what_is_signed_comes_in(client: FlaskClient):
    assert post(client).status_code == 200


@pytest.mark.parametrize("signature", ["", "nonsense", "é", sign(PUBLIC + FALLBACK, FORM, STRANGE_TOKEN)])
def test_a_wrong_signature_is_refused(client: FlaskClient, signature: str):
    assert client.post(FALLBACK, data=FORM, headers={"X-Twilio-Signature": signature}).status_code == 403


def test_two_signatures_are_none(client: FlaskClient):
    right = sign(PUBLIC + FALLBACK, FORM)
    both = [("X-Twilio-Signature", "nonsense"), ("X-Twilio-Signature", right)]
    assert client.post(FALLBACK, data=FORM, headers=both).status_code == 403
    assert client.post(FALLBACK, data=FORM, headers=both[::-1]).status_code == 403


def test_every_webhook_refuses_what_is_not_signed(app: Flask, client: FlaskClient):
    assert len(webhooks(app)) > 15
    for path in webhooks(app):
        assert client.post(path, data=FORM).status_code == 403, path


def test_every_webhook_takes_posts_only(app: Flask, client: FlaskClient):
    for path in webhooks(app):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            assert client.open(path, method=method).status_code == 405, path


def test_while_tokens_rotate_the_previous_one_is_taken_too(client: FlaskClient):
    signature = sign(PUBLIC + FALLBACK, FORM, PREVIOUS_TOKEN)
    assert client.post(FALLBACK, data=FORM, headers={"X-Twilio-Signature": signature}).status_code == 200


def test_a_changed_added_or_missing_field_is_refused(client: FlaskClient):
    signature = {"X-Twilio-Signature": sign(PUBLIC + FALLBACK, FORM)}
    without = {name: value for name, value in FORM.items() if name != "Digits"}
    for form in (FORM | {"Digits": "1"}, FORM | {"More": "1"}, without):
        assert client.post(FALLBACK, data=form, headers=signature).status_code == 403


def test_a_doubled_field_is_refused_although_it_signs_like_a_single_one(client: FlaskClient):
    doubled = MultiDict([*FORM.items(), ("CallSid", FORM["CallSid"])])
    assert sign(PUBLIC + FALLBACK, doubled) == sign(PUBLIC + FALLBACK, FORM)
    assert post(client, form=doubled).status_code == 403


def test_what_another_account_has_signed_with_our_token_is_refused(client: FlaskClient):
    assert post(client, form=FORM | {"AccountSid": "AC" + "b" * 32}).status_code == 403
    assert post(client, form={"CallSid": FORM["CallSid"]}).status_code == 403


def test_a_call_to_a_number_that_is_not_ours_is_refused(client: FlaskClient):
    for number in ("+97444000918", "", "+97444000919 ", CHILD):
        assert post(client, "/voice/incoming", FORM | {"To": number}).status_code == 403


def test_a_call_without_a_name_of_its_own_is_refused(client: FlaskClient):
    for call_sid in ("", "C" * 65):
        assert post(client, "/voice/incoming", FORM | {"CallSid": call_sid}).status_code == 403


@pytest.mark.parametrize(
    "query", ["a=1%2C2", "a=1,2", "a=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "a=%d9%85", "a=b+c&a=%20", "="]
)
def test_the_query_counts_letter_for_letter(client: FlaskClient, query: str):
    assert post(client, f"{FALLBACK}?{query}").status_code == 200
    signature = {"X-Twilio-Signature": sign(f"{PUBLIC}{FALLBACK}?{query}", FORM)}
    assert client.post(f"{FALLBACK}?{query}&b=1", data=FORM, headers=signature).status_code == 403


def test_an_escaped_path_counts_as_it_was_called(client: FlaskClient):
    assert post(client, "/voice/f%61llback").status_code == 200
    signature = {"X-Twilio-Signature": sign(PUBLIC + FALLBACK, FORM)}
    assert client.post("/voice/f%61llback", data=FORM, headers=signature).status_code == 403


def test_neither_the_host_nor_a_proxys_word_changes_anything(client: FlaskClient):
    lies = {
        "Host": "evil.example.org",
        "X_Forwarded_Host": "evil.example.org",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Port": "8443",
        "X_Forwarded_Prefix": "/evil",
        "Forwarded": "host=evil.example.org;proto=http",
        "X_Original_URL": "/voice/incoming",
        "X_HTTP_Method_Override": "GET",
    }
    assert post(client, **lies).status_code == 200
    forged = sign("https://evil.example.org" + FALLBACK, FORM)
    told = {name.replace("_", "-"): value for name, value in lies.items()} | {"X-Twilio-Signature": forged}
    assert client.post(FALLBACK, data=FORM, headers=told).status_code == 403


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://help.example.org", "https://help.example.org"),
        ("https://help.example.org", "https://help.example.org:443"),
        ("https://help.example.org:443", "https://help.example.org"),
        ("http://help.example.org", "http://help.example.org:80"),
        ("https://help.example.org:8443", "https://help.example.org:8443"),
        ("https://help.example.org/line", "https://help.example.org/line"),
        ("https://help.example.org/line", "https://help.example.org:443/line"),
        ("https://user:pass@help.example.org:8443", "https://user:pass@help.example.org:8443"),
        ("https://user:pass@help.example.org", "https://user:pass@help.example.org:443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_a_public_address_of_every_shape_is_signed_for(public: str, signed: str):
    check = SignatureCheck(public, [AUTH_TOKEN])
    form = MultiDict(FORM)
    assert check.passes(sign(signed + FALLBACK, FORM), FALLBACK, form)
    for other in ("https://evil.example.org", signed.replace("help", "evil") + "x", signed + "/more"):
        assert not check.passes(sign(other + FALLBACK, FORM), FALLBACK, form)


def test_a_port_of_our_own_must_be_signed_for():
    check = SignatureCheck("https://help.example.org:8443", [AUTH_TOKEN])
    assert not check.passes(sign("https://help.example.org" + FALLBACK, FORM), FALLBACK, MultiDict(FORM))


def test_a_body_that_is_no_form_is_refused_and_never_an_error_page(client: FlaskClient):
    bodies = [
        (b'{"AccountSid": "%s"}' % ACCOUNT_SID.encode(), "application/json"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data"),
        (b"AccountSid=%ED%A0%80&%00=%00", "application/x-www-form-urlencoded"),
        (b"AccountSid=%ED%A0%80", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"", ""),
    ]
    signature = {"X-Twilio-Signature": sign(PUBLIC + FALLBACK, {})}
    for body, content_type in bodies:
        for headers in ({}, signature):
            answer = client.post(FALLBACK, data=body, content_type=content_type, headers=headers)
            assert answer.status_code in (403, 413, 415), (body, content_type)


def test_a_form_that_is_far_too_long_is_refused(client: FlaskClient):
    assert client.post(FALLBACK, data={"Body": "x" * 300_000}).status_code == 413
    parts = {f"field{number}": "x" for number in range(600)}
    assert client.post(FALLBACK, data=parts, content_type="multipart/form-data").status_code in (403, 413)


@pytest.fixture(scope="module")
def web_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The production web server, which hands over a decoded path and no raw address. Gives its own address."""
    log = tmp_path_factory.mktemp("web") / "web.log"
    log.touch()
    port = free_port()
    command = web_server_command("127.0.0.1", port)
    environment = as_environment(settings_without_servers(PORT=str(port)))
    process = Process(Program("web", command, environment, log, PROJECT), f"http://127.0.0.1:{port}/healthz")
    process.start()
    yield f"http://127.0.0.1:{port}"
    process.kill()  # it holds nothing, and its second worker may still be importing


def post_raw(address: str, target: str, signature: str) -> int:
    """Post to this very target: other clients tidy it up on the way."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=10)) as connection:
        connection.request("POST", target, urlencode(FORM), headers)
        return connection.getresponse().status


@pytest.mark.parametrize("query", ["", "?a=1%2C2&b=1,2", "?a=%D9%85%D8%B1+%d9%85", "?a=%20&a=+"])
def test_behind_the_production_web_server_the_same_is_signed_for(web_server: str, query: str):
    target = FALLBACK + query
    assert post_raw(web_server, target, sign(PUBLIC + target, FORM)) == 200
    assert post_raw(web_server, target, sign(web_server + target, FORM)) == 403


def test_behind_the_production_web_server_a_strange_path_is_no_error_page(web_server: str):
    for path in (
        "/voice/" + quote("مرحبا"),
        "/voice/%00",
        "/voice/%ff",
        "//voice/fallback",
        "/voice/../voice/fallback",
    ):
        assert post_raw(web_server, path, sign(PUBLIC + path, FORM)) in (200, 403, 404, 308), path
