"""Gathers what is known of a region for whoever decides on a report: rule on children, numbers, our protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.duty.protocols import Protocol
from portal.numbers import Line, Region, numbers
from portal.protection import Rule, protection


@dataclass(frozen=True, slots=True)
class Regional:
    """One region. `rule`: None where none was read in a source; then the numbers stand all the same."""

    region: Region
    lines: tuple[Line, ...]
    rule: Rule | None
    protocol: Protocol | None


def regional(region: str, protocols: Mapping[str, Protocol], here: str) -> Sequence[Regional]:
    """That region; where it is not known, each one of the house's own country and those beside it, and never none."""
    known = numbers()
    one = known.region(region)
    if one is not None:
        near = [one]
    else:
        near = [each for each in known.regions if each.country and known.is_near(each.id, here)] or list(known.regions)
    return [_told(each, protocols) for each in near]


def _told(region: Region, protocols: Mapping[str, Protocol]) -> Regional:
    lines = (*region.lines, *numbers().country(region.country).lines)
    return Regional(region, lines, protection().rule(region.id), protocols.get(region.id))
