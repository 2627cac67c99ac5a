"""Long lists in pages, and filters by day, as Twilio offers them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from flask import Request

from helpline.simulator.rest.errors import UNKNOWN_PARAMETERS, Refused

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE = 1000


def page_of(request: Request, key: str, items: list, shape: Callable) -> dict:
    """One page of `items` under `key`, with the addresses of its neighbours."""
    number = int(request.args.get("Page") or 0)
    size = min(max(int(request.args.get("PageSize") or DEFAULT_PAGE_SIZE), 1), LARGEST_PAGE)
    shown = items[number * size : (number + 1) * size]
    more = len(items) > (number + 1) * size
    return {
        "uri": request.full_path.rstrip("?"),
        "first_page_uri": _page_uri(request, 0, size),
        "previous_page_uri": _page_uri(request, number - 1, size) if number else None,
        "next_page_uri": _page_uri(request, number + 1, size) if more else None,
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
        key: [shape(item) for item in shown],
    }


def _page_uri(request: Request, number: int, size: int) -> str:
    filters = {name: value for name, value in request.args.items() if name not in ("Page", "PageSize", "PageToken")}
    return f"{request.path}?{urlencode(filters | {'PageSize': size, 'Page': number})}"


def on_the_days(request: Request, name: str) -> Callable[[datetime | None], bool]:
    """A test of moments by `Name=` (that day), `Name<=` and `Name>=` (that day or moment, or before, after)."""
    wanted = {sign: _read_moment(name, request.args.get(name + sign)) for sign in ("", "<", ">")}

    def fits(moment: datetime | None) -> bool:
        if moment is None:
            return not any(wanted.values())
        same_day = wanted[""] is None or moment.date() == wanted[""].date()
        early_enough = wanted["<"] is None or moment <= wanted["<"] or moment.date() == wanted["<"].date()
        return same_day and early_enough and (wanted[">"] is None or moment >= wanted[">"])

    return fits


def _read_moment(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, UNKNOWN_PARAMETERS, f"{name} is not a date") from error
    if isinstance(moment, date) and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment
