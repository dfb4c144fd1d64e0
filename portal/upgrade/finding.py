"""What looking ahead finds: one sentence, and what it means."""

from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """What a finding means: nothing to do, somebody should read it first, or this version would not work here."""

    FINE = 0
    READ = 1
    STOP = 3


@dataclass(frozen=True)
class Finding:
    """One sentence for the person at the terminal."""

    weight: Weight
    says: str
