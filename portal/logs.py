"""What the processes write down: acts and mishaps, never an address, a browser's name or a person's words."""

import json
import logging
import logging.config
import re
import time
import traceback
from types import TracebackType
from typing import Final

_Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# Whatever a library may one day say: four figures with dots, or a row of hexadecimal groups, is nobody's business.
_ADDRESS = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])"
    r"|\[?(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])\]?"
)
# An act of ours: one word, and names with values that hold no blank.
_ACT = re.compile(r"[a-z][a-z0-9_.]*(?: [a-z_]+=\S*)*")
_QUERY = re.compile(r"\?[^\s\"']+")


MOST_FAILURES: Final = 8
"""Of one that others caused, or that is made of others, so many are told."""


class QuietFormatter(logging.Formatter):
    """One line a record: level, name, message. An exception is told by its kinds and places, never by its text.

    An exception's text can quote what a person wrote; where it happened is enough to mend it.
    """

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", "%Y-%m-%dT%H:%M:%SZ", style="{")
        self.converter = _utc

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, addresses and queries blotted out."""
        return _QUERY.sub("?-", _ADDRESS.sub("-", super().format(record)))

    def formatException(self, ei: _Failure) -> str:  # noqa: N802 - logging's own name
        """Kind and places of a failure, of what it is made of, and of what caused it."""
        lines: list[str] = []
        untold = [ei[1]]
        while untold and len(lines) < MOST_FAILURES:
            if (error := untold.pop(0)) is None:
                continue
            places = traceback.extract_tb(error.__traceback__)
            way = " > ".join(f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}" for place in places[-6:])
            lines.append(f"  {type(error).__module__}.{type(error).__name__} at {way}")
            if isinstance(error, BaseExceptionGroup):
                untold[:0] = error.exceptions
            untold.append(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        return "\n".join(lines)

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's own name
        """Nothing: a stack's source lines are in the source."""
        return ""


class JsonFormatter(QuietFormatter):
    """The same line as one JSON object: `at`, `level`, `room`, `act`, what it says by name, and a failure's places.

    A line of ours is an act and names with values; of a library's line the words stand under `says`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One object on one line, blotted out as the words are."""
        said = _QUERY.sub("?-", _ADDRESS.sub("-", record.getMessage()))
        told: dict[str, object] = {
            "at": self.formatTime(record, self.datefmt),
            "level": record.levelname.lower(),
            "room": record.name,
        }
        if _ACT.fullmatch(said):
            act, *named = said.split(" ")
            told |= {"act": act, **{name: text for name, _, text in (each.partition("=") for each in named)}}
        else:
            told["says"] = said
        if record.exc_info:
            told["failure"] = self.formatException(record.exc_info).strip().splitlines()
        return json.dumps(told, ensure_ascii=True)


def configure_logs(level: str, form: str = "words") -> None:
    """Set up logging for this process and its children, once, on standard error; `form` is `words` or `json`."""
    quiet = {"level": "WARNING", "propagate": True}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"quiet": {"()": JsonFormatter if form == "json" else QuietFormatter}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "quiet", "stream": "ext://sys.stderr"}
            },
            "root": {"level": level.upper(), "handlers": ["stderr"]},
            "loggers": {
                # At INFO uvicorn writes each websocket's address, port and path, with the access log off too.
                "uvicorn": quiet,
                "uvicorn.error": quiet,
                "uvicorn.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
                "uvicorn.asgi": quiet,
                # It quotes the sign it stumbled over.
                "python_multipart": {"level": "CRITICAL", "propagate": False, "handlers": []},
                "websockets": quiet,
                "asyncio": quiet,
                "sqlalchemy": quiet,
                "aiosqlite": quiet,
                "asyncpg": quiet,
                "alembic": quiet,
                "redis": quiet,
            },
        }
    )


def _utc(seconds: float | None) -> time.struct_time:
    return time.gmtime(seconds)
