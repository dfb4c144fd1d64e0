"""What each role gets at each address of consents, reports and protocols; see tests/portal/staff/test_rights.py."""

from typing import Final

# 2 a page, 3 a way onward (303), 4 no such page: a thing that is not there is not there for whoever may ask, too.
GATE: Final[dict[tuple[str, str], str]] = {
    #                                         out new adv sup adm bare dir sta int
    ("GET", "/desk/consents"):                "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/consents"):               "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/consents/back"):          "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/consents/at/{note}"):      "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/duty"):                    "3 4 2 2 2 2 4 4 4",
    ("GET", "/desk/duty/new"):                "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/duty/new"):               "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/duty/new/{note}"):         "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/duty/one/{row}"):          "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/duty/one/{row}/look"):    "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/duty/one/{row}/outcome"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/duty/one/{row}/{note}"):   "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/protocols"):               "3 4 2 2 2 2 4 4 4",
    ("POST", "/desk/protocols"):              "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/protocols/{note}"):        "3 4 2 2 2 2 4 4 4",
}  # fmt: skip
