"""Folds tips that say nearly the same into heaps, for a page of somebody who holds the key; nothing of it is kept.

Only what nobody has touched is folded: new, without a label or a person, not from a chat. And only with its like in
rank: what happens now, or is about a child, never stands in a heap under something that is not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from portal.breathing import breathing
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError
from portal.vault.shelves import SealedShelf
from tips import copying, shelf_rows, store
from tips.access import Doors
from tips.copying import ShelfKeys
from tips.crowd.likeness import FEWEST, heaps_of, pieces, shared, unlike
from tips.shelf import Standing, place
from tips.tip import Status, urgency_rank
from tips.work.card import BLANK
from tips.workroom import Workroom

MOST_COMPARED: Final = 1_500
"""Tips whose words are opened for it, the first of the list."""

_LOOSE_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Heaps:
    """The heaps of a list: of each its first tip and the others, in the order of the list."""

    others: Mapping[bytes, tuple[Standing, ...]]

    @property
    def folded(self) -> frozenset[bytes]:
        """The tips that are shown inside a heap and not as rows of their own."""
        return frozenset(tip.id for others in self.others.values() for tip in others)


NO_HEAPS: Final = Heaps({})


@dataclass(frozen=True)
class Member:
    """A tip of a heap, with the folded words it says beyond what most of them say, and what of that it does not say."""

    tip: Standing
    more: tuple[str, ...] = field(default=(), repr=False)
    fewer: tuple[str, ...] = field(default=(), repr=False)


def may_be_folded(tip: Standing) -> bool:
    """Whether nobody has touched it, it came by the form, and asks for nothing of its own."""
    card = tip.card
    is_by_form = not (card.from_talk or card.by_phone or card.lost)
    return tip.status is Status.NEW and is_by_form and tip.desk == BLANK


class Heaping:
    """The act. One shelf's words are open at once, and all that was opened goes with the page."""

    def __init__(self, services: Services, doors: Doors, workroom: Workroom) -> None:
        self._services = services
        self._doors = doors
        self._workroom = workroom

    async def heaps(
        self, signed: Signed, loose: Sequence[Standing], shelves: Mapping[bytes, Sequence[Standing]]
    ) -> Heaps:
        """The heaps among opened lists. Raises DatabaseAway."""
        chosen, words = await self._told(signed, loose, shelves)
        return await self._workroom.run(_heaps, chosen, words)

    async def members(
        self, signed: Signed, tip_id: bytes, loose: Sequence[Standing], shelves: Mapping[bytes, Sequence[Standing]]
    ) -> list[Member]:
        """The heap this tip is in: the one most like all, then the others, those that differ most before the rest.

        Empty where it is in none. Raises DatabaseAway.
        """
        chosen, words = await self._told(signed, loose, shelves)
        return await self._workroom.run(_members, tip_id, chosen, words)

    async def _told(
        self, signed: Signed, loose: Sequence[Standing], shelves: Mapping[bytes, Sequence[Standing]]
    ) -> tuple[list[Standing], dict[bytes, str]]:
        every = [tip for tips in (loose, *shelves.values()) for tip in tips if may_be_folded(tip)]
        if len(every) < FEWEST:
            return [], {}
        chosen = sorted(every, key=place)[:MOST_COMPARED]
        wanted = {tip.id for tip in chosen}
        words: dict[bytes, str] = {}
        keys = ShelfKeys(signed.compartment_keys("tips"), self._doors.live_peppers)
        for name, tips in shelves.items():
            if wanted.isdisjoint(tip.id for tip in tips):
                continue
            async with self._services.database.read() as connection:
                whole = await shelf_rows.read_shelf(connection, name)
            if whole is not None:
                words |= await self._workroom.run(_on_shelf, keys, name, whole, wanted)
        alone = [tip.id for tip in loose if tip.id in wanted]
        for at in range(0, len(alone), _LOOSE_AT_ONCE):
            some = alone[at : at + _LOOSE_AT_ONCE]
            async with self._services.database.read() as connection:
                sealed = await store.read_several(connection, some)
                kept = await store.read_parts_of(connection, some)
            words |= await self._workroom.run(self._of_loose, signed, sealed, kept)
        return [tip for tip in chosen if tip.id in words], words

    def _of_loose(
        self, signed: Signed, sealed: Sequence[store.SealedTip], kept: Mapping[bytes, list[store.SealedPart]]
    ) -> dict[bytes, str]:
        words = {}
        for each in breathing(sealed):
            tip = self._doors.open_for_staff(signed, each)
            try:
                if tip is not None:
                    words[each.id] = copying.words_of(tip, kept.get(each.id, []))
            except VaultError:
                continue  # One broken seal is a row of its own, and hides no other.
        return words


def _on_shelf(keys: ShelfKeys, name: bytes, sealed: SealedShelf, wanted: Collection[bytes]) -> dict[bytes, str]:
    return {tip.standing.id: tip.words for tip in keys.whole(name, sealed) or () if tip.standing.id in wanted}


def _heaps(chosen: Sequence[Standing], words: Mapping[bytes, str]) -> Heaps:
    return Heaps({heap[0].id: tuple(heap[1:]) for heap in _of_ranks(chosen, words)})


def _members(tip_id: bytes, chosen: Sequence[Standing], words: Mapping[bytes, str]) -> list[Member]:
    for heap in _of_ranks(chosen, words):
        if any(tip.id == tip_id for tip in heap):
            common = shared([words[tip.id] for tip in heap])
            members = [Member(tip, *unlike(words[tip.id], common)) for tip in heap]
            members.sort(key=lambda member: (-len(member.more), -len(member.fewer)))
            return [members[-1], *members[:-1]]
    return []


def _of_ranks(chosen: Sequence[Standing], words: Mapping[bytes, str]) -> list[list[Standing]]:
    ranks: dict[int, list[Standing]] = {}
    for tip in chosen:
        ranks.setdefault(urgency_rank(tip.card.urgency, tip.card.child), []).append(tip)
    return [
        [tips[at] for at in heap]
        for tips in ranks.values()
        for heap in heaps_of([pieces(words[tip.id]) for tip in breathing(tips)])
    ]
