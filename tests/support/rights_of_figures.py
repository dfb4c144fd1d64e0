"""The rows of the figures in the table of who gets what; see `tests/portal/staff/test_rights.py`."""

from __future__ import annotations

from typing import Final

FIGURES: Final[dict[tuple[str, str], str]] = {
    #                                         out new adv sup adm bare dir sta int
    ("GET", "/desk/figures"):                 "3 4 4 2 2 2 4 2 4",
    ("GET", "/desk/figures/load"):            "3 4 4 2 2 2 4 4 4",
    # No days are named, no pass is open.
    ("POST", "/desk/figures/take"):           "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/figures/keep"):           "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/figures/file/{key}"):      "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/figures/drop"):           "3 4 4 3 3 3 4 3 4",
    ("GET", "/desk/figures/partners"):        "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/figures/partners/{note}"): "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/figures/partners/take"):  "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/figures/partners/file/{key}"): "3 4 4 4 4 4 4 4 4",
}  # fmt: skip
