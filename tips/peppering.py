"""Lists the places of the tips whose rows are put under another pepper at the terminal, with no key at hand."""

from collections.abc import Callable
from typing import Any, Final

from portal.peppers.place import chained, marked, tailed
from portal.vault.tip_channels import said_of
from tips.files import book as files, holding
from tips.files.tables import tip_file_holds, tip_files_sorts, tip_files_switch
from tips.staying import holds
from tips.staying.searching import PURPOSE as PROOF
from tips.staying.tables import tip_holds, tip_proofs
from tips.tables import tip_keys, tip_shelf_keys

# Any, below: a row of the database.


def _copy_of(which: str) -> Callable[[Any], tuple[str, bytes, str]]:
    return lambda row: ("tip-copy", row.tip, which)


PLACES: Final = (
    *(
        tailed(f"keys of tips ({which})", tip_keys, f"{which}_copy", _copy_of(which))
        for which in ("words", "names", "desk")
    ),
    tailed("ways into empty threads", tip_keys, "channel", lambda row: said_of(row.find)),
    tailed("keys of shelves", tip_shelf_keys, "copy", lambda row: ("shelf-copy", row.shelf)),
    marked("held files", tip_file_holds, lambda row: (holding.PURPOSE, *holding.said_by(row._mapping))),
    marked("the switch for files", tip_files_switch, files.said_of_switch),
    marked("sorts of files", tip_files_sorts, files.said_of_sort),
    chained(
        "holds of tips", tip_holds, lambda row, before: holds.said(row.n, row.tip, row.word, before), holds.BEGINNING
    ),
    marked("proofs of erased tips", tip_proofs, lambda row: (PROOF, row.tip, row.day, row.found)),
)
