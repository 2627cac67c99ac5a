"""Logs: one JSON line an event, on standard output, with identifiers and plain facts only.

Nothing personal is ever handed to the logger; values are cut so that a mistake can not become a leak of
whole messages, and control characters are escaped by JSON so that no line can be forged.
"""

import logging
import sys

import structlog

LONGEST_VALUE = 300


def set_up_logs() -> None:
    """Configure logging for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _cut_values,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        # Not kept from one line to the next: a kept logger would write to whatever standard output once was.
        logger_factory=structlog.PrintLoggerFactory(),
    )
    # Libraries may log addresses and arguments; below warnings they are of no use to an operator here.
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s")


def _cut_values(_logger: object, _method: str, event: dict) -> dict:
    return {key: value[:LONGEST_VALUE] if isinstance(value, str) else value for key, value in event.items()}
