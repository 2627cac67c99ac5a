"""`flows prove`: what an operator sees of the proof."""

import json

from flask import Flask


def test_the_proof_prints_what_it_covered_and_how_far_a_person_is(app: Flask):
    result = app.test_cli_runner().invoke(args=["flows", "prove"])
    assert result.exit_code == 0, result.output
    assert "every way leads to a person" in result.output
    assert "6 keys" in result.output


def test_the_proof_is_told_as_json_too(app: Flask):
    result = app.test_cli_runner().invoke(args=["flows", "prove", "--json"])
    facts = json.loads(result.output)
    assert facts["proven"] is True
    by_name = {flow["flow"]: flow for flow in facts["flows"]}
    assert by_name["welcome"]["far"]["keys"] == 6
    assert by_name["text_welcome"]["channel"] == "text"
