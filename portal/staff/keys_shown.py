"""Lists the desk's places and every key, place by place: the pages that show them, and the tests, read it here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

# What browsers keep for themselves with Alt: the address line and their menus, on every system they run on. Screen
# readers use none with Alt alone.
RESERVED: Final = frozenset("DEF")

# The places of the desk in the order of the top row, each with the right it needs.
PLACES: Final = (
    ("chats", "take_chats"),
    ("guest", "be_guest"),
    ("board", "see_board"),
    ("tips", "read_tips"),
    ("directory", "see_directory"),
    ("entries", "read_entries"),
    ("cases", "work_cases"),
    ("handover", "take_chats"),
    ("practice", "take_chats"),
    ("calls", "see_calls"),
    ("interpreters", "see_interpreters"),
    ("staff", "see_staff"),
    ("opening", "open_doors"),
    ("hours", "open_doors"),
    ("settings", "change_settings"),
    ("door", "switch_chat"),
    ("figures", "see_figures"),
    ("files", "switch_files"),
    ("library", "edit_library"),
)

# What is gone to in the middle of a shift. All else stands folded behind one word, so that the row stays one row; who
# has few of these sees the next places of hers until the row is full.
DAILY: Final = frozenset({"chats", "guest", "board", "tips", "directory", "entries", "cases"})
FULL: Final = 5

# After G: where the desk's places are. A single letter, so it is a word of those who switched single letters off.
GO: Final[Mapping[str, str]] = {
    "queue": "Q",
    "chats": "C",
    "guest": "C",
    "tips": "T",
    "cases": "A",
    "entries": "R",
    "directory": "D",
    "calls": "K",
    "board": "B",
    "handover": "H",
    "interpreters": "I",
    "staff": "S",
    "opening": "O",
    "me": "P",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: the keys as written, and what they do: `deskkeys.` and this name, of a shift `chats.shift.`."""

    keys: str
    what: str


@dataclass(frozen=True, slots=True)
class Group:
    """The keys of one place, for whoever has the right to be there; empty: for everybody."""

    name: str
    right: str
    lines: tuple[Shown, ...]


def parted(rights: Collection[str]) -> tuple[list[str], list[str]]:
    """The places of somebody with these rights: those in the row and those behind the fold, each in their order."""
    hers = [name for name, right in PLACES if right in rights]
    others = [name for name in hers if name not in DAILY]
    spare = max(0, FULL - (len(hers) - len(others)))
    # A fold of one line would hide it for nothing.
    folded = [] if len(others) == spare + 1 else others[spare:]
    return [name for name in hers if name not in folded], folded


GROUPS: Final = (
    Group(
        "everywhere",
        "",
        (Shown("?", "list"), Shown("Esc", "escape"), Shown("Alt L", "lock")),
    ),
    Group(
        "queue",
        "take_chats",
        (
            Shown("Alt Q", "next"),
            Shown("↓ ↑", "rows"),
            Shown("Home End", "ends"),
            Shown("Enter", "take"),
        ),
    ),
    Group(
        "talk",
        "take_chats",
        (
            Shown("Alt 1–9", "person"),
            Shown("Alt C", "field"),
            Shown("Ctrl Enter", "send"),
            Shown("Alt A", "greet"),
            Shown("Alt K", "book"),
            Shown("Alt H", "here"),
            Shown("Alt M", "machine"),
            Shown("Alt U", "unsend"),
            Shown("Alt I", "note"),
            Shown("Alt T", "down"),
            Shown("Alt G", "danger"),
            Shown("Alt V", "help"),
            Shown("Alt S", "boundary"),
            Shown("Alt N", "hand"),
            Shown("Alt X", "end"),
        ),
    ),
    Group(
        "shift",
        "take_chats",
        (
            Shown("Alt R", "ready"),
            Shown("Alt P", "on_call"),
            Shown("Alt J", "finishing"),
            Shown("Alt W", "wrap_up"),
            Shown("Alt B", "break"),
            Shown("Alt O", "off"),
        ),
    ),
    Group(
        "lists",
        "",
        (Shown("J", "following"), Shown("K", "before"), Shown("Enter", "open"), Shown("U", "up")),
    ),
    Group("inbox", "read_tips", (Shown("A", "answer"),)),
)
"""In the order of a shift."""
