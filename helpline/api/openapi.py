"""The API described for machines, made from the models that check it (docs/decisions/0005-openapi.md)."""

import re
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, current_app, jsonify
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from helpline.api.guard import open_to_all
from helpline.api.shapes import ProblemDocument

routes = Blueprint("openapi", __name__)

SCHEMAS = "#/components/schemas/{model}"
# Problems that any route with a token may answer, and those that come with a body or an id.
ALWAYS, WITH_BODY, WITH_ID = ("401", "403", "503"), ("400", "413", "415", "422"), ("404",)
CHANGING = ("409",)


@routes.get("/openapi.json")
@open_to_all("a client reads it before it has a token; it tells nothing of anyone")
def show_openapi() -> Response:
    """This document."""
    return jsonify(describe_api(current_app._get_current_object()))


def describe_api(app: Flask) -> dict:
    """The OpenAPI 3.1 document of every route under /api/v1."""
    found = list(list_routes(app))
    models = {model for _rule, view in found for model in _models_of(view)} | {ProblemDocument}
    modes = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    refs, defined = models_json_schema(modes, ref_template=SCHEMAS)
    paths: dict[str, dict] = {}
    for rule, view in found:
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            paths.setdefault(_path(rule), {})[method.lower()] = _operation(rule, view, method, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Helpline API", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": defined["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def list_routes(app: Flask) -> Iterator[tuple[Rule, Callable]]:
    """Every route of the API with its view, in the order of their addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.startswith("api."):
            yield rule, app.view_functions[rule.endpoint]


def _models_of(view: Callable) -> list:
    return [model for model in (getattr(view, "takes", None), getattr(view, "answers", None)) if model]


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, view: Callable, method: str, refs: dict) -> dict:
    lines = (view.__doc__ or "").strip().splitlines()
    operation = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": lines[0],
        "description": " ".join([line.strip() for line in lines[1:]] + [f"Guard: {view.guard}."]).strip(),
        "security": [{"token": []}] if view.roles else [],
        "parameters": _parameters(rule, view),
        "responses": _responses(rule, view, method, refs),
    }
    if model := getattr(view, "takes", None):
        content = {"application/json": {"schema": refs[model, "validation"]}}
        operation["requestBody"] = {"required": not view.body_optional, "content": content}
    return operation


def _parameters(rule: Rule, view: Callable) -> list[dict]:
    named = [_parameter(name, "path", _schema_of(rule, name)) for name in sorted(rule.arguments)]
    asked = [_parameter(view.asks, "query", {"type": "string"})] if hasattr(view, "asks") else []
    return named + asked


def _parameter(name: str, place: str, schema: dict) -> dict:
    return {"name": name, "in": place, "required": True, "schema": schema}


def _schema_of(rule: Rule, name: str) -> dict:
    is_uuid = f"<uuid:{name}>" in rule.rule
    return {"type": "string", "format": "uuid"} if is_uuid else {"type": "string"}


def _responses(rule: Rule, view: Callable, method: str, refs: dict) -> dict:
    problem = {"application/problem+json": {"schema": refs[ProblemDocument, "validation"]}}
    expected = _expected_problems(rule, view, method)
    responses = {status: {"description": "Problem", "content": problem} for status in expected}
    if model := getattr(view, "answers", None):
        done = {"application/json": {"schema": refs[model, "validation"]}}
    else:
        done = {"text/event-stream" if rule.endpoint.endswith("stream") else "application/json": {}}
    return {str(getattr(view, "status", 200)): {"description": "Done", "content": done}} | responses


def _expected_problems(rule: Rule, view: Callable, method: str) -> list[str]:
    statuses = list(ALWAYS) if view.roles else []
    statuses += WITH_ID if rule.arguments or hasattr(view, "asks") else ()
    statuses += WITH_BODY if hasattr(view, "takes") else ()
    statuses += ("422",) if hasattr(view, "asks") else ()
    statuses += CHANGING if method != "GET" else ()
    return sorted(statuses)
