"""Asks opening hours, ours or a partner's, and looks whether hours and calendars are as they should be."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext

from config.country_calendar import read_calendars
from config.data_file import ConfigInvalid
from config.helpline import load_helpline
from config.opening_hours import Hours, Opening
from config.partners import load_partners
from helpline.commands.output import as_json, show
from helpline.line import Line
from helpline.store.types import utc_now


class Moment(click.ParamType):
    """A time such as 2027-03-09T22:30, on the desk's own clock unless it names its distance from UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2027-03-09T22:30", param, ctx)


@click.command("hours")
@click.option("--at", type=Moment(), help="Such as 2027-03-09T22:30, local time; now if not given.")
@click.option("--partner", help="Ask a partner's desk, by its key, and not the helpline.")
@as_json
@with_appcontext
def hours(at: datetime | None, partner: str | None, as_json: bool) -> None:
    """Open or closed at a time, by which rule, and until when. An open line takes talk; danger is taken always."""
    line: Line = current_app.extensions["helpline"]
    desk, timezone = line.helpline, line.helpline.helpline.timezone
    if partner is not None:
        if partner not in line.partners:
            raise click.ClickException(f"there is no partner {partner!r}; see `partners list`")
        desk, timezone = line.partners[partner], line.partners[partner].timezone
    local = _on_clock(at or utc_now(), ZoneInfo(timezone))
    opening = desk.opening_at(local)
    facts = {
        "at": local.isoformat(),
        "timezone": timezone,
        "open": opening.is_open,
        "rule": opening.rule,
        "until": opening.until.isoformat() if opening.until else None,
    }
    show(facts, as_json, lambda: [_tell(local, opening)])


def _on_clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _tell(local: datetime, opening: Opening) -> str:
    state = "open" if opening.is_open else "closed"
    until = f"until {opening.until:%Y-%m-%d %H:%M %Z}" if opening.until else "with no end in sight"
    return f"{state} at {local:%Y-%m-%d %H:%M %Z}: {opening.rule}, {until}"


def find_hours_faults(folder: Path) -> list[str]:
    """Faults of the calendars, and days of which a desk's hours say nothing. Faults of the files that name
    calendars are found by their own loaders."""
    return read_calendars(folder)[1] + [f"{place}: {gap}" for place, desk in _desks(folder) for gap in desk.find_gaps()]


def list_hours_notes(folder: Path, today: date) -> list[str]:
    """What is no fault and still wants a look: feasts not announced yet, entries that are past."""
    calendars = [(f"calendars/{key}.toml", calendar) for key, calendar in read_calendars(folder)[0].items()]
    return [f"{place}: {note}" for place, one in [*calendars, *_desks(folder)] for note in one.list_notes(today)]


def _desks(folder: Path) -> Iterator[tuple[str, Hours]]:
    try:
        yield "helpline.toml", load_helpline(folder).hours
        for partner in load_partners(folder).values():
            yield f"partners.toml: {partner.key}", partner.hours
    except ConfigInvalid:
        return  # its faults are told by whoever checks that file
