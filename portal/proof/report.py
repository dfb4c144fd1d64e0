"""Says what a proof looked for, where, and what it found, to the person at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from portal.proof.needles import Needle
from portal.proof.places import Found, Searched, what_stood

Say = Callable[[str], None]

CLEAN: Final = 0
FOUND: Final = 1
NOT_ALL_SEEN: Final = 3


def tell_open(found: Iterable[Found], say: Say) -> bool:
    """Say what stood where while the talk was open; False when words could be read anywhere."""
    readable = [each for each in found if each.needle.sort == "words"]
    if readable:
        for each in readable:
            say(f"  FOUND while the talk was open: {each.needle.name}, readable, in {each.where}")
        return False
    say("While it was open it stood, sealed, where it must, and nothing of it could be read anywhere:")
    for place in sorted({each.where for each in found}):
        say(f"  {place}")
    return True


def tell_end(needles: Sequence[Needle], searched: Sequence[Searched], say: Say, *, is_file_seen: bool) -> int:
    """Say what was looked for and where, and what stood there; the command's exit code."""
    sorts = [each.sort for each in needles]
    say(
        f"Looked for {sorts.count('words')} readable texts, {sorts.count('sealed')} sealed ones, "
        f"{sorts.count('name')} keys and names; plain, coded and packed."
    )
    say("Looked in")
    for place in searched:
        say(f"  {place.called}: {place.many:,} {place.kind}, {place.size / 1e6:,.1f} MB")
    unread = [each for place in searched for each in place.unread]
    for name in unread:
        say(f"  NOT READ: {name}")
    found = what_stood(searched)
    for one in found:
        say(f"  FOUND: {one.needle.name}, in {one.where}")
    if found:
        say("Something of the talk is left. docs/forgetting.md says what that can mean.")
        return FOUND
    if not is_file_seen:
        say("The durable store's file was not among these: name its folder with --also, and prove again.")
    if unread or not is_file_seen:
        say("Nothing was found, but not everything could be looked at: nothing is proven.")
        return NOT_ALL_SEEN
    say("Nothing was found.")
    return CLEAN
