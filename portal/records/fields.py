"""Declares the short record of a contact: its fields, what each may say, and what the exchange standard calls it.

This list is the whole of what may be written down. A code is never given a second meaning: a field that changes gets a
new code, a list that changes gets a new number, and what was written under an old number is read by what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.numbers import region_ids

VERSION: Final = 1
LINE_LIMIT: Final = 140  # letters: so many can be read out, in court too

# The three words for what is missing, as survey forms of such lines have them: nobody asked or it is not clear, she
# was asked and would rather not say, it does not apply.
UNKNOWN: Final = "unknown"
MISSING: Final = (UNKNOWN, "undisclosed", "na")

Shape = Literal["one", "many", "region", "tongues"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field written by hand. `many`: several codes at once. `region`: the codes are the regions of the house.
    `tongues`: several languages, any the house knows a name for.
    """

    name: str
    listed: tuple[str, ...] = ()
    shape: Shape = "one"

    @property
    def codes(self) -> tuple[str, ...]:
        """What it may say, besides the words for what is missing."""
        match self.shape:
            case "region":
                return tuple(region_ids())
            case "tongues":
                return tuple(dict.fromkeys((*LANGUAGES, *SPOKEN)))
        return self.listed

    @property
    def is_several(self) -> bool:
        """Whether it may say more than one thing."""
        return self.shape in ("many", "tongues")


# In the order of the form. No list of one press is longer than nine: each code has a digit of the keyboard.
FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "type",
        ("crisis", "tip", "referral", "training", "information", "related", "unrelated", "misuse", "technical"),
    ),
    Field("who", ("self", "known", "saw", "professional")),
    Field("case", ("none", "possible", "yes")),
    Field("kind", ("sex", "labour", "both", "other")),
    Field("region", shape="region"),
    Field("age", ("under16", "under18", "to23", "to29", "to38", "to47", "from48", "adult")),
    Field("needs", ("bed", "doctor", "counsel", "lawyer", "papers", "food", "leave", "police"), "many"),
    Field("met", ("met", "part", "none_near", "full", "language", "not_eligible", "declined", "cut_off")),
    Field("supervisor", ("now", "shift", "with_me")),
    Field("report", ("yes", "no", "impossible")),
    Field("heard", ("search", "social", "friend", "service", "police", "poster", "media", "before")),
)
BY_NAME: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}

# What a house of today counts as somebody who may be trafficked: a supervisor is told of it.
MAY_BE_A_CASE: Final = frozenset({"possible", "yes"})
