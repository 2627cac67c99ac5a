"""`/sim`: phones in people's hands, faults on demand, and a look at what the line did. Loopback only."""

import ipaddress
from pathlib import Path

from flask import Blueprint, abort, jsonify, request

from helpline.simulator.control.asking import NotUnderstood
from helpline.simulator.control.calls import add_call_controls
from helpline.simulator.control.observing import add_observing
from helpline.simulator.control.phones import add_phone_controls
from helpline.simulator.exchange.line import Line


def create_control(line: Line, phonebook_path: Path | None) -> Blueprint:
    """The line's own interface."""
    control = Blueprint("control", __name__, url_prefix="/sim")
    add_call_controls(control, line)
    add_phone_controls(control, line)
    add_observing(control, line, phonebook_path)

    @control.before_request
    def refuse_other_machines() -> None:
        if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
            abort(403)

    @control.errorhandler(NotUnderstood)
    def explain(error: NotUnderstood):
        return jsonify(error=str(error)), error.status

    return control
