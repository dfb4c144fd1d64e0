"""Knows what is looked at in the work: by sitting in, by reading a record, and by oneself after a talk.

No sheet has room for words and none has the name of whose work it was: what a visitor said cannot get into one, and
nobody can be ranked by them.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from portal.web.forms import Form

VERSION: Final = 1
Kind = Literal["sit_in", "review", "check"]

# What was seen of the work while sitting in. Never what was said.
SEEN: Final = ("yes", "partly", "no", "unseen")
SIT_IN: Final = ("greeted", "safe", "limits", "followed", "choices", "pace", "ending")

# What was found in a record: somebody's very words, a field left empty that was known, blame.
FOUND: Final = ("no", "yes")
REVIEW: Final = ("verbatim", "missing", "blame")

# Half a minute about oneself. Kept nowhere, unless she shares it.
CHECK: Final[Mapping[str, tuple[str, ...]]] = {
    "weight": ("light", "middling", "heavy"),
    "well": ("listened", "limits", "choices", "pace"),
    "otherwise": ("listened", "limits", "choices", "pace", "nothing"),
    "stays": ("no", "some", "yes"),
    "talk": ("no", "yes"),
}
ASKED: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    "sit_in": dict.fromkeys(SIT_IN, SEEN),
    "review": dict.fromkeys(REVIEW, FOUND),
    "check": CHECK,
}


class Sheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sheet as it is sealed. `by`: an alias, only on what somebody shared about herself."""

    version: int
    kind: Kind
    marks: dict[str, str]
    by: str = ""

    def __repr__(self) -> str:
        return "Sheet(...)"


def read_marks(kind: Kind, form: Form) -> dict[str, str]:
    """What was marked; what is none of ours counts as not marked."""
    return {name: form[name] for name, allowed in ASKED[kind].items() if form.get(name) in allowed}


def tally(kind: Kind, sheets: Iterable[Sheet]) -> dict[str, dict[str, int]]:
    """How often each thing was marked in each way."""
    counts = {name: dict.fromkeys(allowed, 0) for name, allowed in ASKED[kind].items()}
    for sheet in sheets:
        for name, value in sheet.marks.items():
            if value in counts.get(name, {}):
                counts[name][value] += 1
    return counts


def shown(counts: Mapping[str, int], floor: int) -> Mapping[str, int] | None:
    """The counts of one thing, or None where one of them is small: then none is shown, so that no total beside it and
    no difference between two of them tells the small one.
    """
    return None if any(0 < count < floor for count in counts.values()) else counts
