"""`flows repro`: a real contact's keys become a walk that the flow files can hold, and nothing that was said."""

import shutil
import tomllib

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, FlowSession
from ivr_flows.check import check
from ivr_flows.shelf import PACKAGE
from tests.helpline.phone_company import PhoneCompany


def retold(app: Flask, session: Session) -> str:
    contact = session.scalars(select(Contact)).one()
    result = app.test_cli_runner().invoke(args=["flows", "repro", str(contact.id)])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_was_pressed_is_told_by_name_and_holds_in_the_flow_file(
    app: Flask, session: Session, phone_company: PhoneCompany, tmp_path
):
    call = phone_company.call()
    for keys in ("2", "7", "1", "3"):
        call.press(keys)
    call.stay_silent()
    call.press("2")
    call.wait_on_hold()
    call.press("1")
    told = retold(app, session)

    welcome, waiting = (
        tomllib.loads(part)["walks"][0] for part in told.split("# flows/")[1:] for part in [part.split("\n", 1)[1]]
    )
    assert welcome["keys"] == ["language", "wrong", "about_self", "runaway", "", "10_to_12"]
    assert welcome["signals"] == ["caller_child", "about_runaway", "age_10_12"]
    assert waiting["keys"] == ["wants_woman"]

    for part in ("flows", "prompts"):
        shutil.copytree(PACKAGE / part, tmp_path / part)
    for part in told.split("# flows/")[1:]:
        name, walk = part.split("\n", 1)
        with (tmp_path / "flows" / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{walk}")
    assert check(tmp_path, ["ar", "en"]) == []


def test_speech_is_told_as_speech_and_no_word_of_it_is_kept(app: Flask, session: Session, phone_company: PhoneCompany):
    call = phone_company.call()
    call.press("2")
    call.ask(call.heard.find("Gather").get("action"), SpeechResult="my secret words", Confidence="0.9")
    assert 'keys = ["language", "~"]' in retold(app, session)
    assert "secret" not in str(session.scalars(select(FlowSession.stories)).all())


def test_an_unknown_contact_is_told_so(app: Flask):
    unknown = "00000000-0000-0000-0000-000000000000"
    result = app.test_cli_runner().invoke(args=["flows", "repro", unknown])
    assert result.exit_code == 1
    assert "no such contact" in result.output
