"""What the desk's store answers: where a visitor stands, how busy the desk is, who holds what."""

from dataclasses import dataclass
from enum import IntEnum


class Offered(IntEnum):
    """Whether somebody is in the queue, and whether there is a surge."""

    NO = 0
    QUEUED = 1
    IN_SURGE = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a visitor stands: `place` 0 when an advocate holds her; `lease_ms` until when that advocate is borne."""

    is_open: bool
    is_queued: bool
    place: int
    lease_ms: int
    ready: int
    held: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, how many conversations are held, and who takes conversations now."""

    waiting: int
    held: int
    staff: tuple[bytes, ...]

    @property
    def ready(self) -> int:
        """How many advocates take conversations now."""
        return len(self.staff)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a conversation and the fence of that take."""

    staff_id: bytes
    fence: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The fence of a take that was decided, and whether it passed over somebody who stood before."""

    fence: int
    passed_over: bool
