"""What was read of the house is judged by words an operator can act on; what could not be read is never well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.operation.certificate import Life
from portal.operation.judging import MATTERS, Disk, Finding, Grade, Seen, Served, is_all_well, judge
from portal.operation.machine import keeping_of
from tests.support.catalogues import phrases

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
GIB = 1024**3
FINE = Seen(
    now=NOW,
    disks=(Disk("data", 0.5, 50 * GIB),),
    write_ms=2.0,
    certificates=None,
    backup=date(2026, 3, 4),
    is_open=True,
    keeping={"durable": "right", "ember": "right"},
    own_chat="heard",
    keys_late="none",
    workers=(2, 2),
    broken="whole",
    reaches=True,
)


def lives(begun_days: float, ends_days: float) -> tuple[Served, ...]:
    return (Served("talk.example", Life(NOW - timedelta(days=begun_days), NOW + timedelta(days=ends_days))),)


WRONG: list[tuple[dict[str, Any], str, Grade, str]] = [
    ({"disks": (Disk("data", 0.01, GIB),)}, "disk", Grade.NOW, "disk_full"),
    ({"disks": (Disk("rows", 0.5, GIB, writes=False),)}, "disk", Grade.NOW, "disk_full"),
    ({"disks": (Disk("keys", 0.5, 1024),)}, "disk", Grade.NOW, "disk_full"),
    ({"disks": (Disk("data", 0.04, GIB),)}, "disk", Grade.BAD, "disk_low"),
    ({"disks": (Disk("keys", 0.5, GIB), Disk("data", 0.1, GIB))}, "disk", Grade.SOON, "disk_less"),
    ({"disks": ()}, "disk", Grade.UNKNOWN, "not_known"),
    ({"write_ms": None}, "writing", Grade.BAD, "write_stuck"),
    ({"write_ms": 80.0}, "writing", Grade.SOON, "write_slow"),
    ({"jump_s": -7.0}, "clock", Grade.SOON, "clock_jumped"),
    ({"jump_s": 3600.0}, "clock", Grade.BAD, "clock_jumped"),
    ({"apart_s": -31.0}, "clock", Grade.BAD, "clock_apart"),
    ({"certificates": lives(89, 1)}, "certificate", Grade.BAD, "cert_ends"),
    ({"certificates": lives(70, 20)}, "certificate", Grade.SOON, "cert_ends"),
    ({"certificates": lives(90, -0.01)}, "certificate", Grade.NOW, "cert_over"),
    ({"certificates": lives(-1, 90)}, "certificate", Grade.NOW, "cert_over"),
    ({"certificates": (Served("talk.example", None),)}, "certificate", Grade.UNKNOWN, "cert_not_read"),
    ({"backup": "never", "begun": date(2026, 2, 1)}, "backup", Grade.BAD, "backup_never"),
    ({"backup": "never", "begun": date(2026, 3, 1)}, "backup", Grade.SOON, "backup_never"),
    ({"backup": "never", "begun": date(2026, 2, 1), "is_open": False}, "backup", Grade.SOON, "backup_never"),
    ({"backup": date(2026, 3, 1)}, "backup", Grade.SOON, "backup_old"),
    ({"backup": date(2026, 2, 1)}, "backup", Grade.BAD, "backup_old"),
    ({"database": "silent"}, "database", Grade.NOW, "database.silent"),
    ({"takes_rows": False}, "database", Grade.NOW, "database.takes_nothing"),
    ({"durable": "silent"}, "durable", Grade.NOW, "durable.silent"),
    ({"durable": "loading"}, "durable", Grade.BAD, "durable.loading"),
    ({"ember": "silent"}, "ember", Grade.NOW, "ember.silent"),
    ({"ember": "loading"}, "ember", Grade.BAD, "ember.loading"),
    ({"engine": "away", "engine_since": NOW}, "engine", Grade.SOON, "engine_away"),
    ({"engine": "away", "engine_since": NOW - timedelta(hours=2)}, "engine", Grade.BAD, "engine_away"),
    ({"engine": "slow"}, "engine", Grade.SOON, "engine_slow"),
    ({"full": {"pool_filing": 5}}, "pools", Grade.SOON, "pools_full"),
    ({"full": {"pool_filing": 100}}, "pools", Grade.BAD, "pools_full"),
    ({"own_chat": "lost"}, "own_chat", Grade.BAD, "own_chat_lost"),
    ({"keys_late": date(2026, 3, 1)}, "keys", Grade.BAD, "keys_late"),
    ({"workers": (1, 2)}, "workers", Grade.BAD, "workers_few"),
    ({"broken": date(2026, 3, 1)}, "audit", Grade.BAD, "audit_broken"),
    ({"reaches": False}, "calls", Grade.BAD, "calls_nobody"),
    ({"swap": True}, "swap", Grade.SOON, "swap_on"),
    ({"backup": None}, "backup", Grade.UNKNOWN, "not_known"),
    ({"keeping": None}, "persistence", Grade.UNKNOWN, "not_known"),
    *(
        ({"keeping": {store: how}}, "persistence", grade, f"{store}.{how}")
        for store, how, grade in (
            ("durable", "no_file", Grade.NOW),
            ("durable", "write_fails", Grade.NOW),
            ("durable", "evicts", Grade.BAD),
            ("durable", "full", Grade.BAD),
            ("ember", "keeps_file", Grade.NOW),
            ("ember", "evicts", Grade.BAD),
            ("ember", "full", Grade.BAD),
        )
    ),
]


def test_a_house_that_is_well_says_so_of_every_matter_once() -> None:
    found = judge(FINE)

    assert is_all_well(found)
    assert [each.matter for each in found] == list(MATTERS)


@pytest.mark.parametrize(("read", "matter", "grade", "word"), WRONG)
def test_what_is_wrong_comes_first_with_its_own_words(
    read: dict[str, Any], matter: str, grade: Grade, word: str
) -> None:
    first, *others = judge(replace(FINE, **read))

    assert (first.matter, first.grade, first.word) == (matter, grade, word)
    assert {each.grade for each in others} == {Grade.WELL}
    assert not is_all_well([first, *others])


def test_only_the_worst_of_one_matter_is_said() -> None:
    found = judge(replace(FINE, disks=(Disk("data", 0.1, GIB), Disk("keys", 0.0, 0), Disk("rows", 0.04, GIB))))

    assert [each for each in found if each.matter == "disk"] == [
        Finding("disk", Grade.NOW, "disk_full", {"place": "keys", "percent": 0})
    ]


def test_what_was_healed_long_ago_or_turned_away_few_is_no_matter() -> None:
    assert is_all_well(judge(replace(FINE, broken=date(2026, 1, 1), full={"pool_staff": 4}, apart_s=2.0)))


@pytest.mark.parametrize("tag", ["en", "fr"])
def test_each_word_says_what_is_wrong_and_what_to_do_and_no_word_is_left_over(tag: str) -> None:
    words = {word for *_, word in WRONG}
    said = phrases("operation", tag)

    for kind in ("wrong", "do"):
        assert {key.removeprefix(f"operation.{kind}.") for key in said if key.startswith(f"operation.{kind}.")} == words
    for kind in ("matter", "means"):
        assert {key.split(".")[-1] for key in said if key.startswith(f"operation.{kind}.")} == set(MATTERS)
    assert {key.split(".")[-1] for key in said if key.startswith("operation.grade.")} == {
        grade.name.lower() for grade in Grade
    }


@pytest.mark.parametrize(
    ("store", "told", "how"),
    [
        ("durable", {"aof_enabled": 1, "aof_last_write_status": "ok"}, "right"),
        ("durable", {"aof_enabled": 0}, "no_file"),
        ("durable", {"aof_enabled": 1, "aof_last_write_status": "err"}, "write_fails"),
        ("ember", {"aof_enabled": 0}, "right"),
        ("ember", {"aof_enabled": 1}, "keeps_file"),
        ("ember", {"aof_enabled": 0, "maxmemory": 100, "maxmemory_policy": "allkeys-lru"}, "evicts"),
        ("ember", {"aof_enabled": 0, "maxmemory": 100, "maxmemory_policy": "noeviction", "used_memory": 95}, "full"),
        ("ember", {"aof_enabled": 0, "maxmemory": 0, "maxmemory_policy": "allkeys-lru"}, "right"),
    ],
)
def test_a_stores_own_word_says_whether_it_keeps_what_it_must(store: str, told: dict[str, Any], how: str) -> None:
    assert keeping_of(store, told) == how
