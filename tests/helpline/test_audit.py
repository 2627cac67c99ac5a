"""The audit: written once, sealed into a chain, and whoever changes it afterwards is found out at the place."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from helpline.audit.chain import Verdict, seal_rows, verify_chain
from helpline.audit.models import AuditRow
from helpline.audit.record import record_act
from helpline.store.db import db

ACTS = 6


@pytest.fixture
def acts(session: Session) -> list[AuditRow]:
    """Six acts on record, sealed."""
    record_acts(session, ACTS)
    seal_all(session)
    return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def record_acts(session: Session, number: int) -> None:
    for act in range(number):
        record_act(session, actor=f"staff:{act}", action="contact.read", subject=f"contact:{act}", what=["قراءة", 1.5])
    session.commit()


def seal_all(session: Session) -> None:
    while seal_rows(session):
        session.commit()
    session.commit()


def tamper(session: Session, *statements: str) -> Verdict:
    """As someone who owns the table and puts its triggers to sleep. What is verified then; not committed."""
    session.rollback()
    session.expire_all()
    session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    for statement in statements:
        session.execute(text(statement))
    session.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    return verify_chain(session)


def test_a_sealed_record_is_whole(session: Session, acts: list[AuditRow]):
    verdict = verify_chain(session)
    assert (verdict.sealed, verdict.unsealed, verdict.broken_at) == (ACTS, 0, None)


def test_rows_not_sealed_yet_are_counted_and_sealed_after_the_last(session: Session, acts: list[AuditRow]):
    record_acts(session, 2)
    assert verify_chain(session).unsealed == 2

    seal_all(session)
    assert (verify_chain(session).sealed, verify_chain(session).unsealed) == (ACTS + 2, 0)


def test_an_edited_row_is_named(session: Session, acts: list[AuditRow]):
    third = acts[2].id
    for change in (
        "actor = 'staff:9'",
        "action = 'contact.closed'",
        "subject = 'contact:9'",
        "at = at + interval '1 second'",
        "detail = '{}'",
        "hash = sha256('forged')",
    ):
        verdict = tamper(session, f"UPDATE audit SET {change} WHERE id = {third}")
        assert (verdict.broken_at, verdict.reason) == (third, "was changed after it was sealed"), change
        assert verdict.sealed == 2


def test_an_edited_row_that_is_sealed_anew_is_missed_at_its_old_place(session: Session, acts: list[AuditRow]):
    third, fourth = acts[2].id, acts[3].id
    tamper(session, f"UPDATE audit SET actor = 'staff:9', seal_no = NULL, hash = NULL WHERE id = {third}")
    session.expire_all()

    assert seal_rows(session) == 1

    verdict = verify_chain(session)
    assert (verdict.broken_at, verdict.reason) == (fourth, "row 3 of the chain is missing")


def test_a_row_cut_out_is_missed_at_its_place(session: Session, acts: list[AuditRow]):
    ids = [row.id for row in acts]
    for place in range(ACTS - 1):
        verdict = tamper(session, f"DELETE FROM audit WHERE id = {ids[place]}")
        assert (verdict.broken_at, verdict.reason) == (ids[place + 1], f"row {place + 1} of the chain is missing")


def test_a_row_cut_out_with_the_gap_closed_is_still_found(session: Session, acts: list[AuditRow]):
    third, fourth = acts[2].id, acts[3].id
    cut_out = f"DELETE FROM audit WHERE id = {third}"
    close_up = [f"UPDATE audit SET seal_no = {number - 1} WHERE seal_no = {number}" for number in range(4, ACTS + 1)]

    verdict = tamper(session, cut_out, *close_up)
    assert (verdict.broken_at, verdict.reason) == (fourth, "does not follow the row before it")


def test_two_rows_that_changed_places_are_found(session: Session, acts: list[AuditRow]):
    fifth = acts[4].id
    moves = [(2, -1), (5, 2), (-1, 5)]
    assert (
        tamper(session, *(f"UPDATE audit SET seal_no = {to} WHERE seal_no = {no}" for no, to in moves)).broken_at
        == fifth
    )


def test_the_database_itself_refuses_to_change_the_record(session: Session, acts: list[AuditRow]):
    for statement in (
        "UPDATE audit SET actor = 'staff:9'",
        "UPDATE audit SET hash = sha256('forged')",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
    assert verify_chain(session).sealed == ACTS


def test_sealing_may_not_change_what_a_row_tells(session: Session):
    record_acts(session, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE audit SET seal_no = 1, actor = 'staff:9'"))


def test_sealing_again_changes_nothing(session: Session, acts: list[AuditRow]):
    hashes = [row.hash for row in acts]
    seal_all(session)
    session.expire_all()
    assert [row.hash for row in acts] == hashes


def test_many_sealers_at_once_make_one_whole_chain(app: Flask, session: Session):
    record_acts(session, 600)  # more than one sealer takes at a time

    def seal(_sealer: int) -> None:
        with app.app_context():
            for _turn in range(4):
                seal_rows(db.session())
                db.session.commit()

    with ThreadPoolExecutor(4) as sealers:
        list(sealers.map(seal, range(4)))  # none of them fails
    seal_all(session)

    verdict = verify_chain(session)
    assert (verdict.sealed, verdict.unsealed, verdict.broken_at) == (600, 0, None)


def test_the_command_tells_a_whole_record_from_a_broken_one(app: Flask, session: Session, acts: list[AuditRow]):
    commands = app.test_cli_runner()
    whole = commands.invoke(args=["audit", "verify", "--json"])
    assert (whole.exit_code, json.loads(whole.output)["sealed"]) == (0, ACTS)

    third = acts[2].id
    tamper(session, f"UPDATE audit SET actor = 'staff:9' WHERE id = {third}")
    session.commit()

    broken = commands.invoke(args=["audit", "verify", "--json"])
    assert (broken.exit_code, json.loads(broken.output)["broken_at"]) == (1, third)
    assert f"Row {third} was changed" in commands.invoke(args=["audit", "verify"]).output
