"""`triage misses`: where counsellors saw two levels more than the rules."""

from datetime import datetime, time
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.commands.triage import triage
from helpline.line import Line
from helpline.reviewing.misses import WEEK, Miss, Misses, find_misses
from helpline.store.db import db
from helpline.store.types import utc_now

__all__ = ["triage"]


@triage.command("misses")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on; the last seven days if not given.")
@as_json
@with_appcontext
def misses(since: datetime | None, as_json: bool) -> None:
    """Contacts that their counsellor judged two levels or more above the rules, with the rules' version and reasons."""
    line: Line = current_app.extensions["helpline"]
    begins = datetime.combine(since, time(), line.helpline.zone) if since else utc_now() - WEEK
    found = find_misses(db.session(), begins)
    show(_to_facts(found), as_json, lambda: _tell(found))


def _to_facts(found: Misses) -> dict[str, Any]:
    missed = [
        {
            "contact_id": miss.contact_id,
            "opened_at": miss.opened_at,
            "channel": miss.channel,
            "language": miss.language,
            "closing_level": miss.closing_level,
            "rules_level": miss.rules_level,
            "rules_version": miss.rules_version,
            "reasons": list(miss.reasons),
        }
        for miss in found.missed
    ]
    return {"since": found.since, "finished": found.finished, "judged": found.judged, "misses": missed}


def _tell(found: Misses) -> list[str]:
    share = f"{found.judged} of {found.finished} finished talks since {found.since:%Y-%m-%d} were judged"
    return [f"{share}, {len(found.missed)} were missed.", *(line for miss in found.missed for line in _tell_one(miss))]


def _tell_one(miss: Miss) -> list[str]:
    head = (
        f"{miss.contact_id}  {miss.channel} {miss.language}  counsellor {miss.closing_level}, rules {miss.rules_level}"
    )
    why = [f"    {reason['rule']}: {reason['text']['en']}" for reason in miss.reasons]
    return [f"{head}  ({miss.rules_version})", *why]
