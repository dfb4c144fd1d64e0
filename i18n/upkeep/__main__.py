"""The commands for whoever keeps the catalogues: `python -m i18n.upkeep --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from i18n.languages import KNOWN, LANGUAGES
from i18n.review import BrokenReview
from i18n.upkeep.asked import asked
from i18n.upkeep.files import domains_of, forms_of, key_of, notes, read
from i18n.upkeep.signing import CannotSign, State, safety_keys, sign_words, state_of, take_back
from i18n.upkeep.wholeness import faults

ROOT: Final = Path(__file__).parents[2]
WRONG: Final = 1
CANNOT: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done, and nothing is wrong; 1: the check found something; 2: what was asked cannot be done."""
    told = _parser().parse_args(arguments)
    try:
        return int(told.does(told))
    except (CannotSign, BrokenReview) as error:
        print(error, file=sys.stderr)
        return CANNOT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m i18n.upkeep", description=__doc__)
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="look for what is missing, unused or malformed in the catalogues")
    check.set_defaults(does=_check)
    state = commands.add_parser("state", help="show how much of each language is signed, and by whom")
    state.set_defaults(does=_state)
    show = commands.add_parser("show", help="show a phrase in every language, with its note and where it stands")
    show.add_argument("key")
    show.set_defaults(does=_show)
    signs = commands.add_parser("sign", help="put a reader's name under the words of a language")
    signs.add_argument("tag", choices=[language.tag for language in KNOWN], metavar="TAG")
    signs.add_argument(
        "--by", required=True, metavar="NAME", help="who has read them: one who grew up with the language"
    )
    signs.add_argument("--on", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD")
    signs.add_argument("--safety", action="store_true", help="only the words of safety and law")
    back = commands.add_parser("unsign", help="take signatures back")
    back.add_argument("tag", choices=[language.tag for language in KNOWN], metavar="TAG")
    for each, does in ((signs, _sign), (back, _unsign)):
        each.add_argument(
            "--domain", action="append", default=[], metavar="NAME", help="only this catalogue: chat, ..."
        )
        each.add_argument("--key", action="append", default=[], metavar="KEY", help="only this phrase")
        each.set_defaults(does=does)
    return parser


def _check(_told: argparse.Namespace) -> int:
    found = list(faults(asked(ROOT)))
    print("\n".join(found) if found else f"The catalogues of {len(LANGUAGES)} languages are whole.")
    return WRONG if found else 0


def _state(_told: argparse.Namespace) -> int:
    safe = safety_keys()
    print("\n".join(table(state_of(tag, safe) for tag in LANGUAGES)))
    return 0


def table(states: Iterable[State]) -> Iterable[str]:
    """A line for each language, under one that names the columns."""
    line = "{:<8} {:>7} {:>7} {:>14} {:>11}  {}"
    yield line.format("language", "phrases", "signed", "safety signed", "fallen back", "by")
    for state in states:
        safety = f"{state.safety_signed} of {state.safety}"
        by = f"{', '.join(state.by)}, {state.newest}" if state.by else "drafted"
        yield line.format(state.tag, state.phrases, state.signed, safety, state.fallen_back, by)


def _show(told: argparse.Namespace) -> int:
    note = notes().get(told.key)
    if note is None:
        raise CannotSign(f"There is no phrase {told.key}.")
    print(told.key, f"({note.domain}{', ' * bool(note.mark)}{note.mark})")
    for line in (*note.lines, *asked(ROOT).whole.get(told.key, ())):
        print(" ", line)
    for tag in LANGUAGES:
        if note.domain in domains_of(tag):
            words = {key_of(message): forms_of(message) for message in read(tag, note.domain) if message.id}
            print(f"{tag:<8} {' | '.join(words.get(told.key, ('(no words)',)))}")
    return 0


def _sign(told: argparse.Namespace) -> int:
    number = sign_words(told.tag, told.by, told.on, domains=told.domain, keys=told.key, safety_alone=told.safety)
    print(f"{number} phrases of {told.tag} are signed by {told.by.strip()}, {told.on.isoformat()}.")
    return 0


def _unsign(told: argparse.Namespace) -> int:
    print(f"{take_back(told.tag, domains=told.domain, keys=told.key)} signatures of {told.tag} are taken back.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
