"""The log: one JSON object a line on standard error, new lines escaped, nothing in it that opens a door.

Every module writes with the standard library: an event as a short phrase, and values beside it, as in
`log.info("signed in", extra={"user": id})`. A value whose name speaks of a secret is blanked whatever it holds; e-mail
addresses, notes and the contents of forms do not belong into a log at all.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

SECRET = re.compile(r"password|passwd|secret|token|cookie|authorization|csrf|credential", re.IGNORECASE)
HIDDEN = "[hidden]"


def blank_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """Blank every value, however deep, that is kept under the name of a secret."""
    return {name: _blank(name, value) for name, value in event.items()}


def _blank(name: str, value: Any) -> Any:
    if SECRET.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {str(key): _blank(str(key), inner) for key, inner in value.items()}
    return value


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            blank_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def configure(level: str) -> None:
    """Write everything that is logged in this process as JSON. For a server; a command keeps Python's own way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # The driver notes every retry and every connection; what matters of it reaches us as an exception.
    logging.getLogger("neo4j").setLevel(logging.ERROR)
