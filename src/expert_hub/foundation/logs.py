"""Structured logs: one JSON object a line on the error stream, times in UTC, no personal data in any field."""

import logging
import sys

import structlog
from websockets.exceptions import InvalidState

_BAD_TEXT = "Invalid UTF-8 sequence received from client"


class _OfTheClient(logging.Filter):
    """Keeps out what the server logs as an error of its own although a client caused it: text that is not UTF-8.

    The connection is closed with 1007 all the same; a stranger must not be able to fill the log with tracebacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a record that a client can cause at will."""
        # The same text on a connection that is closing already makes the server fail on that connection.
        failed = record.exc_info[1] if record.exc_info else None
        return not (isinstance(failed, InvalidState) or record.getMessage().startswith(_BAD_TEXT))


def configure_logs() -> None:
    """Set logging up for a server process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_OfTheClient())
