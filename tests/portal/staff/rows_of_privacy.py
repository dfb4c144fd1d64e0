"""The rows of the privacy desk and of quality in the table of who gets what; see `test_rights.py`."""

from __future__ import annotations

from typing import Final

# fmt: off
PRIVACY: Final[dict[tuple[str, str], str]] = {
    #                                         out new adv sup adm bare dir sta int
    ("GET", "/desk/requests"):                "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/requests/new"):            "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/requests/new"):           "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/requests/new/{note}"):     "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/requests/one/{row}"):      "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/requests/one/{row}"):     "3 4 4 3 3 4 4 4 4",
    ("POST", "/desk/requests/one/{row}/letter"):"3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/requests/one/{row}/{note}"):"3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/requests/letters"):        "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/requests/letters"):       "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/requests/letters/{note}"): "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/requests/kept"):           "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/requests/lost"):           "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/quality"):                 "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/quality/sitting"):         "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/quality/sitting"):        "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/quality/review"):          "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/quality/review"):         "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/check"):                   "3 4 2 2 2 4 4 4 4",
    ("POST", "/desk/check"):                  "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/check/share"):            "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/check/{note}"):            "3 4 2 2 2 4 4 4 4",
}
# fmt: on
