"""Processes are killed outright in the middle of calls, and nobody is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.store.db import db
from tests.helpline.conftest import migrate
from tests.journeys.conftest import Helpline, running_helpline
from tests.journeys.people import Colleague, Leg, eventually
from tests.servers import TestPostgres

pytestmark = pytest.mark.faults


@pytest.fixture
def helpline(own_postgres: TestPostgres, redis_url: str, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline of this test's own: it will be broken."""
    with running_helpline(migrate(own_postgres.create_database(), redis_url), tmp_path) as running:
        yield running


def reaches_a_person(helpline: Helpline, counsellor: Colleague, child: Leg, within_s: float = 30) -> dict:
    """A counsellor takes the next contact, and it is this child, who is then in a room with her."""
    reservation = counsellor.accept(within_s)
    eventually(child.is_in_room, within_s)
    return counsellor.sees_state(reservation["contact_id"], "connected", within_s)


def test_a_child_in_the_menu_survives_the_loss_of_the_web_server(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    child = helpline.dial("+97455123456")

    helpline.service.web.kill()
    child.press("9")  # nobody is there to hear it
    helpline.service.web.start()
    counsellor.be("available")

    reaches_a_person(helpline, counsellor, child)
    assert helpline.phones.dead_lines() == []


def test_a_waiting_child_survives_the_loss_of_worker_and_clock(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    child = helpline.dial("+97455123456")
    child.press("9")
    eventually(child.is_on_hold_queue)

    helpline.service.worker.kill()
    helpline.service.clock.kill()
    counsellor.be("available")
    helpline.service.clock.start()

    # No worker is there any more: the clock does the owed work itself.
    reaches_a_person(helpline, counsellor, child)


def test_a_child_survives_the_loss_of_redis_with_all_it_held(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    waiting = helpline.dial("+97455123456")
    waiting.press("9")
    eventually(waiting.is_on_hold_queue)

    helpline.valkey.kill()
    during = helpline.dial("+97455123457")
    during.press("0")
    eventually(during.is_on_hold_queue)
    counsellor.be("available")

    contact = reaches_a_person(helpline, counsellor, waiting)
    assert contact["risk"]["level"] == "critical"
    assert helpline.phones.dead_lines() == []


def test_children_survive_the_loss_of_the_database(helpline: Helpline, own_postgres: TestPostgres):
    counsellor = helpline.hire("one", "+97455000101")
    waiting = helpline.dial("+97455123456")
    waiting.press("0")
    eventually(waiting.is_on_hold_queue)

    own_postgres.kill()
    newcomer = helpline.phones.dial("+97455123457", "+97444000919")
    newcomer.hears("stay on the line")
    newcomer_in_the_dark = newcomer.status
    own_postgres.start()
    with helpline.app.app_context():
        db.engine.dispose()
    eventually(newcomer.is_on_hold_queue, 30)
    counsellor.be("available")

    assert newcomer_in_the_dark == "in-progress"
    reaches_a_person(helpline, counsellor, waiting, 40)
    assert newcomer.is_on_hold_queue()
    assert helpline.phones.dead_lines() == []


def test_a_talk_goes_on_while_everything_of_ours_is_gone(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    counsellor.be("available")
    child = helpline.dial("+97455123456")
    child.press("9")
    contact = reaches_a_person(helpline, counsellor, child)

    for process in (helpline.service.web, helpline.service.worker, helpline.service.clock):
        process.kill()
    assert child.is_in_room()
    for process in (helpline.service.web, helpline.service.worker, helpline.service.clock):
        process.start()

    assert child.is_in_room()
    child.hang_up()
    counsellor.sees_state(contact["id"], "wrap_up")
