"""`/sim`: phones in people's hands, faults on demand, and a look at what the line did. Loopback only."""

import ipaddress

from flask import Blueprint, abort, jsonify, request

from helpline.simulator.control import calls, observing, phones
from helpline.simulator.control.asking import NotUnderstood

control = Blueprint("control", __name__, url_prefix="/sim")
for part in (calls, phones, observing):
    control.register_blueprint(part.routes)


@control.before_request
def refuse_other_machines() -> None:
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
        abort(403)


@control.errorhandler(NotUnderstood)
def explain(error: NotUnderstood):
    return jsonify(error=str(error)), error.status
