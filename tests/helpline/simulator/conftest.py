"""A line that runs fifty times as fast as life, between a fake service and the test."""

import logging
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from werkzeug.serving import make_server

from helpline.simulator import create_simulator
from tests.helpline.simulator.fake_service import FakeService
from tests.helpline.simulator.ports import free_port
from tests.helpline.simulator.telephone import Telephone

ACCOUNT_SID = "AC" + "1" * 32
TOKEN = "a-token-only-for-tests"
SPEED = 50.0

logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a test that polls would bury its own failure


@pytest.fixture
def service() -> Iterator[FakeService]:
    service = FakeService()
    yield service
    service.stop()


def settings_for(service_url: str, speed: float = SPEED) -> SimpleNamespace:
    """The settings that the line reads, without a database behind them."""
    return SimpleNamespace(
        public_base_url=service_url,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=SecretStr(TOKEN),
        simulator_speed=speed,
        simulator_port=8010,
        simulator_fallback=None,
        simulator_phonebook=None,
    )


@pytest.fixture
def phone(service: FakeService) -> Iterator[Telephone]:
    app = create_simulator(settings_for(service.url))
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    telephone = Telephone(f"http://127.0.0.1:{server.server_port}", ACCOUNT_SID, TOKEN)
    yield telephone
    telephone.sim("POST", "/reset")
    server.shutdown()
    server.server_close()
