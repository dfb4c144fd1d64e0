"""Says who reaches which page of cases, for the table of `tests.portal.staff.test_rights`, in its columns."""

from __future__ import annotations

CASES: dict[tuple[str, str], str] = {
    #                                         out new adv sup adm bare dir sta int
    ("GET", "/desk/cases"):                   "3 4 2 2 2 4 4 4 4",
    ("POST", "/desk/cases/find"):             "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/cases/found"):             "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/cases/found/{note}"):      "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/cases/{case}/erase"):     "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/gone"):              "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/cases/into"):              "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/cases/into/{note}"):       "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/cases/new"):              "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}"):            "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/at/{note}"):  "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/do"):        "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/entry"):     "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/facts"):      "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/facts"):     "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/facts/{note}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/hand"):       "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/hand"):      "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/hand/{note}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/hand/file/{key}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/tell"):       "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/tell"):      "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/tell/{note}"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/hold"):      "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/person/{person}"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/cases/{case}/person/{person}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/cases/{case}/person/{person}/{note}"): "3 4 4 4 4 4 4 4 4",
}  # fmt: skip
