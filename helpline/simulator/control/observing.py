"""`/sim/webhooks`, `/sim/rest`, `/sim/dead-lines`, `/sim/faults`, `/sim/events`: what the line did and will do."""

from pathlib import Path

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood
from helpline.simulator.exchange.line import Line
from helpline.simulator.phonebook import load_phonebook
from helpline.simulator.wire.faults import FaultRejected
from helpline.simulator.wire.journal import as_json

LONGEST_POLL_S = 25.0


def add_observing(control: Blueprint, line: Line, phonebook_path: Path | None) -> None:
    """Mount the journal, the faults and the bell that tells pages to look again."""

    @control.get("/webhooks")
    def list_webhooks():
        return jsonify([as_json(record) for record in list(line.journal.webhooks)])

    @control.get("/rest")
    def list_rest_calls():
        return jsonify([as_json(record) for record in list(line.journal.rest)])

    @control.get("/dead-lines")
    def list_dead_lines():
        return jsonify([as_json(record) for record in list(line.journal.dead_lines)])

    @control.get("/faults")
    def list_faults():
        return jsonify(line.faults.as_json())

    @control.put("/faults")
    def replace_faults():
        body = request.get_json()
        try:
            line.faults.replace(body.get("callbacks", []), body.get("rest", []))
        except FaultRejected as error:
            raise NotUnderstood(str(error)) from error
        return jsonify(line.faults.as_json())

    @control.get("/events")
    def wait_for_news():
        """Long polling: answers as soon as anything beyond `after` has happened."""
        after = request.args.get("after", -1, int)
        timeout_s = min(request.args.get("timeout", LONGEST_POLL_S, float), LONGEST_POLL_S)
        return jsonify(version=line.wait_for_change(after, timeout_s))

    @control.post("/reset")
    def reset():
        line.forget_everything()
        return "", 204

    @control.get("/line")
    def describe_line():
        return jsonify(
            speed=line.account.speed,
            service_url=line.account.service_url,
            helpline_number=load_phonebook(phonebook_path).helpline_number,
            version=line.version,
        )
