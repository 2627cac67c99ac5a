"""The REST interface as one blueprint: who may call, what is written down, which faults befall it."""

import hmac
import socket

from flask import Blueprint, Response, request

from helpline.simulator.account import Account
from helpline.simulator.current import the_line
from helpline.simulator.rest import calls, conferences, messages, participants, queues
from helpline.simulator.rest.errors import NOT_AUTHENTICATED, Refused, not_found
from helpline.simulator.wire.journal import RestRecord

LOSE_REPLY = "simulator.lose_reply"

rest = Blueprint("rest", __name__)
for part in (calls, queues, conferences, participants, messages):
    rest.register_blueprint(part.routes)


@rest.before_request
def check_caller_then_faults() -> None:
    _refuse_strangers(the_line().account)
    fault = the_line().faults.take_rest_fault(request.method, request.path)
    if fault and fault.drop_reply:
        request.environ[LOSE_REPLY] = True
    elif fault:
        raise Refused(fault.status, fault.code, "A fault was asked for")


@rest.after_request
def write_down(answer: Response) -> Response:
    form = {name: request.form.getlist(name) for name in request.form}
    record = RestRecord(request.method, request.full_path.rstrip("?"), form, answer.status_code)
    the_line().journal.rest.append(record)
    if request.environ.get(LOSE_REPLY):
        _cut_connection()
    return answer


@rest.errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    return refused.response()


@rest.route("/<path:anything>", methods=["GET", "POST", "DELETE"])
def nothing_here(anything: str):
    raise not_found(request.path)


def _refuse_strangers(account: Account) -> None:
    """Basic authentication with the account's identifier and token."""
    given = request.authorization
    known = (
        given is not None
        and given.type == "basic"
        and hmac.compare_digest((given.username or "").encode(), account.sid.encode())
        and hmac.compare_digest((given.password or "").encode(), account.token.encode())
    )
    if not known:
        raise Refused(401, NOT_AUTHENTICATED, "Authenticate")


def _cut_connection() -> None:
    """Let the work be done but its answer never arrive."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
