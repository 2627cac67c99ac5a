"""What machines are told: up, ready, degraded, not ready; and that no internals ever show."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from helpline.jobs.clock import Clock
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import PhoneCompany

AWAY = "postgresql://nobody@127.0.0.1:1/none"


def test_all_is_well_once_the_clock_ticks(app: Flask):
    Clock(app).tick()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "checks": {"flows": "ok", "rules": "ok", "redis": "ok", "database": "ok", "migrations": "ok", "clock": "ok"},
    }


def test_without_a_clock_calls_are_taken_and_the_lack_is_told(app: Flask):
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"]["clock"] == "never seen"


def test_without_redis_calls_are_taken_and_the_lack_is_told(settings):
    app = create_app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"}))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["checks"]["redis"]) == (200, "away")


def test_without_a_database_it_is_up_and_not_ready(redis_url: str):
    client = create_app(settings_for(AWAY, redis_url)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "away")
    assert client.get("/healthz").status_code == 200


def test_with_an_older_database_it_is_not_ready(app: Flask, session: Session):
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"].startswith("at 0001")


def test_figures_count_and_name_nobody(app: Flask, phone_company: PhoneCompany):
    phone_company.call(number="+97455443322").press("9")
    figures = app.test_client().get("/metrics")
    assert figures.status_code == 200
    assert "helpline_webhook_seconds_count" in figures.text
    assert "5544" not in figures.text


@pytest.mark.parametrize(("path", "shown"), [("/api/v1/broken", "/problems/failed"), ("/broken", "Internal Server")])
def test_an_unforeseen_fault_shows_and_logs_no_words_of_its_own(
    app: Flask, capsys: pytest.CaptureFixture, path: str, shown: str
):
    def broken() -> None:
        raise RuntimeError("Salem lives in house 7")

    app.add_url_rule(path, f"broken_{len(path)}", broken)
    answer = app.test_client().get(path)
    logged = capsys.readouterr().out

    assert answer.status_code == 500
    assert shown in answer.text
    assert "request_failed" in logged
    assert "RuntimeError" in logged
    assert "Salem" not in answer.text + logged
