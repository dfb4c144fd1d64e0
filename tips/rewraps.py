"""Says what the tips' rows seal to a compartment, and what such a row becomes when it is sealed to a newer key."""

from collections.abc import Mapping
from typing import Any

from portal.rotation.source import Source
from portal.vault.errors import SealBroken
from portal.vault.marks import mark
from portal.vault.rewraps import Turn, file_keys_again, shelf_copy_again, tip_copy_again
from tips.files import holding
from tips.files.tables import tip_file_holds
from tips.tables import tip_keys, tip_shelf_keys


def sources() -> list[Source]:
    """Every column of the tips that is sealed to the tips or to the names."""
    keys, shelves, holds = tip_keys.c, tip_shelf_keys.c, tip_file_holds.c
    return [
        Source("tips.words", keys.tip, keys.words_copy, _words),
        Source("tips.names", keys.tip, keys.names_copy, _names),
        Source("tips.desk", keys.tip, keys.desk_copy, _desk),
        Source("tips.shelves", shelves.shelf, shelves.copy, _shelf),
        Source("tips.held_files", holds.file, holds.key_copy, _held_file),
    ]


# Any, in all of these: a row of the database.


def _words(row: Any, turn: Turn) -> Mapping[str, object]:
    return {"words_copy": tip_copy_again(row.words_copy, turn, row.tip, "words")}


def _names(row: Any, turn: Turn) -> Mapping[str, object]:
    return {"names_copy": tip_copy_again(row.names_copy, turn, row.tip, "names")}


def _desk(row: Any, turn: Turn) -> Mapping[str, object]:
    return {"desk_copy": tip_copy_again(row.desk_copy, turn, row.tip, "desk")}


def _shelf(row: Any, turn: Turn) -> Mapping[str, object]:
    return {"copy": shelf_copy_again(row.copy, turn, row.shelf), "version": turn.version}


def _held_file(row: Any, turn: Turn) -> Mapping[str, object]:
    if not holding.is_ours(row, turn.peppers):
        raise SealBroken("this hold was not written here")
    key_copy = file_keys_again(row.key_copy, turn, row.tip, row.file)
    said = holding.said_by({**row._mapping, "key_copy": key_copy})
    return {"key_copy": key_copy, "mark": mark(turn.pepper, holding.PURPOSE, *said)}
