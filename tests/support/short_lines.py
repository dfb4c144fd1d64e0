"""Reads the short lines by which the guess at a language is judged."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "i18n"
SEEN: Final = FOLDER / "short_lines.tsv"
"""By which the bounds were chosen."""
AFTER: Final = FOLDER / "short_lines_after.tsv"
"""Written after that."""


@dataclass(frozen=True)
class Line:
    """One line, and the tag of what it is written in, or the name of it where that is not served."""

    of: str
    text: str
    is_served: bool


@dataclass
class Judged:
    """How the lines of one language were taken: for it, for nothing, for another."""

    lines: int = 0
    right: int = 0
    silent: int = 0
    taken_for: Counter[str] = field(default_factory=Counter)


def lines_of(file: Path) -> Sequence[Line]:
    """Every line of the file, in its order."""
    rows = [row.split("\t") for row in file.read_text("utf-8").splitlines() if not row.startswith("#")]
    return [Line(of.removeprefix("!"), text, not of.startswith("!")) for of, text in rows]


def judged(lines: Sequence[Line], look: Callable[[str], str | None], *, served: bool) -> dict[str, Judged]:
    """How each language's lines are taken, by its tag or name."""
    found: dict[str, Judged] = {}
    for line in lines:
        if line.is_served is not served:
            continue
        row, guess = found.setdefault(line.of, Judged()), look(line.text)
        row.lines += 1
        if guess is None:
            row.silent += 1
        elif guess == line.of:
            row.right += 1
        else:
            row.taken_for[guess] += 1
    return found
