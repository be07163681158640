"""Structured logs: one line per event, as key=value on a terminal and JSON elsewhere."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(*, level: str = "WARNING") -> None:
    """Send structlog's and the standard library's records to standard error from ``level`` on."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.WARNING)
    render = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Standard error as it is then: whoever takes its place for a while also takes the lines.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
