"""Builds the simulator and runs it: REST interface, control interface and pages in one process."""

import logging
from pathlib import Path

from flask import Flask, Response
from werkzeug.serving import make_server

from helpline.simulator.account import HOSTED_FALLBACK, Account
from helpline.simulator.control.blueprint import control
from helpline.simulator.current import keep, the_mailbox
from helpline.simulator.exchange.line import Line
from helpline.simulator.mailbox import MailServer
from helpline.simulator.pages.blueprint import pages
from helpline.simulator.rest.blueprint import rest

LOOPBACK = "127.0.0.1"


def create_simulator(settings) -> Flask:
    """The phone line as a web application; `settings` is the service's own (config.settings.Settings)."""
    account = Account.from_settings(settings)
    app = Flask(__name__, static_folder=None)
    keep(app, Line(account), settings.simulator_phonebook)
    app.register_blueprint(rest, url_prefix=account.path)
    app.register_blueprint(control)
    app.register_blueprint(pages)
    if settings.simulator_fallback:
        _host_document(app, settings.simulator_fallback)
    return app


def _host_document(app: Flask, file: Path) -> None:
    """Keep the service's static TwiML, read anew each time, for when the service itself is down."""

    @app.route(HOSTED_FALLBACK, methods=["GET", "POST"])
    def hosted_fallback() -> Response:
        return Response(file.read_text(encoding="utf-8"), content_type="text/xml; charset=utf-8")


def serve(settings) -> None:
    """Run the line in the foreground until it is told to stop.

    One process with threads, because the line lives in memory: Werkzeug's server is enough for a
    demonstration and for load tests on one machine, and it can drop a connection on request.
    """
    # Werkzeug would write every address with its phone number into the log.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_simulator(settings)
    if settings.simulator_mail_port:
        MailServer(the_mailbox(app), settings.simulator_mail_port).start()
    make_server(LOOPBACK, settings.simulator_port, app, threaded=True).serve_forever()
