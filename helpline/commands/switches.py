"""Commands that turn the line's switches: surge and outage. On for a while, off by themselves."""

import re
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.floor.switches import describe_time, view_switches
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.store.db import db
from helpline.switches.turning import SwitchRefused, list_times, turn_off, turn_on

OPERATOR = "operator"
LENGTH = re.compile(r"(?:(?P<hours>\d{1,3})h)?(?:(?P<minutes>\d{1,4})m)?")


class Length(click.ParamType):
    """How long: 2h, 90m or 1h30m, read as seconds."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = LENGTH.fullmatch(str(value))
        if not found or not any(found.groups()):
            self.fail(f"{value!r} is not a length such as 2h, 90m or 1h30m", param, ctx)
        return int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60


def _switch_group(name: str, about: str) -> click.Group:
    group = click.Group(name, help=about)
    group.add_command(_on_command(name))
    group.add_command(_off_command(name))
    group.add_command(_show_command(name))
    return group


def _on_command(name: str) -> click.Command:
    @click.command("on", help=f"Turn {name} on for a while; it goes off by itself.")
    @click.option("--for", "for_s", type=Length(), help="Such as 2h or 90m; if not given, as helpline.toml says.")
    @click.option("--reason", required=True, help="In a few words, for everyone on the floor. Nothing about a child.")
    @as_json
    @with_appcontext
    def on(for_s: int | None, reason: str, as_json: bool) -> None:
        line: Line = current_app.extensions["helpline"]
        session = db.session()
        try:
            turn_on(session, line, name, reason=reason, actor=OPERATOR, for_s=for_s)
        except SwitchRefused as fact:
            raise click.ClickException(str(fact)) from fact
        commit(session, line.bell)
        _show_now(name, as_json)

    return on


def _off_command(name: str) -> click.Command:
    @click.command("off", help=f"Turn {name} off now.")
    @as_json
    @with_appcontext
    def off(as_json: bool) -> None:
        session = db.session()
        turn_off(session, name, OPERATOR)
        commit(session, current_app.extensions["helpline"].bell)
        _show_now(name, as_json)

    return off


def _show_command(name: str) -> click.Command:
    @click.command("show", help=f"Whether {name} is on, until when, why, and the last times that it was.")
    @as_json
    @with_appcontext
    def show_times(as_json: bool) -> None:
        _show_now(name, as_json)

    return show_times


def _show_now(name: str, as_json: bool) -> None:
    session = db.session()
    line: Line = current_app.extensions["helpline"]
    now = view_switches(session)[name]
    times = [describe_time(switch) for switch in list_times(session, name)]
    facts = {"name": name, "on": now is not None, "now": now, "times": times}

    def clock(instant: str) -> str:
        return f"{datetime.fromisoformat(instant).astimezone(line.helpline.zone):%Y-%m-%d %H:%M}"

    def in_words() -> list[str]:
        head = f"{name} is on until {clock(now['until'])}: {now['reason']}" if now else f"{name} is off"
        return [head] + [
            f"  {clock(one['on_at'])} – {clock(one['off_at'] or one['until'])} by {one['on_by']}: {one['reason']}"
            for one in times
        ]

    show(facts, as_json, in_words)


surge = _switch_group("surge", "Very many call: flows say so and offer other ways earlier.")
outage = _switch_group("outage", "A person can hardly be reached: callers hear what they can do now.")
