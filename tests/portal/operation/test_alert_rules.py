"""The shipped alert rules say what the operator's page says, ask for metrics there are, and ring when they must."""

from __future__ import annotations

import re
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.operation.judging import MATTERS, Grade
from portal.operation.metrics import METRICS
from tests.support.catalogues import phrases
from tests.support.prometheus import RULES, promtool, shipped_settings

SILENT, ELSE = "PorchlightSilent", "PorchlightSomethingElse"
WORDS = {
    "PorchlightDatabaseAway": "database.silent|database.takes_nothing",
    "PorchlightConversationsAway": "durable.silent",
    "PorchlightConversationsLoading": "durable.loading",
    "PorchlightEmbersAway": "ember.silent",
    "PorchlightDiskFull": "disk_full",
    "PorchlightDiskLow": "disk_low",
    "PorchlightWriteStuck": "write_stuck",
    "PorchlightCertificateOver": "cert_over",
    "PorchlightCertificateEnds": "cert_ends",
    "PorchlightClockJumped": "clock_jumped",
    "PorchlightProcessesFew": "workers_few",
    "PorchlightBackupOld": "backup_old",
}


def rules() -> dict[str, dict[str, Any]]:
    """Each shipped rule by its name."""
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return {each["alert"]: each for each in group["rules"]}


def is_said(text: str, said: dict[str, list[str]], kind: str, words: str) -> bool:
    """Whether this is what the page says by these words, with something in the places for names."""
    wordings = [
        " Or: ".join(each) for each in product(*(said[f"operation.{kind}.{word}"] for word in words.split("|")))
    ]
    return any(
        re.fullmatch(".+".join(map(re.escape, re.split(r"%\(\w+\)s", each.replace("%%", "%")))), text)
        for each in wordings
    )


def test_each_rule_says_the_words_of_the_operators_page() -> None:
    said = phrases("operation", "en")

    assert set(rules()) == {SILENT, ELSE, *WORDS}
    for name, word in WORDS.items():
        told = rules()[name]["annotations"]
        assert is_said(told["summary"], said, "wrong", word), name
        assert is_said(told["description"], said, "do", word), name


def test_each_rule_asks_for_a_metric_a_matter_and_a_grade_there_are_and_none_is_left_out() -> None:
    known = {f"{each.name}_total" if each.is_counter else each.name for each in METRICS} | {"up"}
    grades = {grade.name.lower() for grade in Grade}
    shown: set[str] = set()
    for name, rule in rules().items():
        asked = rule["expr"]
        assert set(re.findall(r"porchlight_\w+|\bup\b", asked)) <= known, name
        assert {of for each in re.findall(r'grade=~?"([^"]+)"', asked) for of in each.split("|")} <= grades, name
        named = {of for each in re.findall(r'matter!?=?~?"([^"]+)"', asked) for of in each.split("|")}
        assert named <= set(MATTERS), name
        shown |= set(MATTERS) - named if name == ELSE else named
        assert rule["labels"]["grade"] in ("now", "bad")
    # Of its own metric, which says how old; that none was ever taken says the page, and the ladder calls.
    assert shown | {"backup"} == set(MATTERS)
    assert shipped_settings()["rule_files"] == ["porchlight.rules.yml"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="make prometheus installs it")
def test_each_rule_rings_when_it_must_and_is_still_else(tmp_path: Path) -> None:
    """Time goes by in promtool alone: each metric is right for an hour, then wrong for one."""
    series = [{"series": 'up{job="porchlight"}', "values": "1x60 0x60"}]
    series += [
        {"series": f'porchlight_matter{{matter="{matter}",grade="{grade}"}}', "values": "0x60 1x60"}
        for matter in MATTERS
        for grade in ("bad", "now")
    ]
    series.append({"series": "porchlight_clock_jumps_total", "values": "0x60 1x60"})
    series.append({"series": "porchlight_backup_age_seconds", "values": "604800x60 691200x60"})
    cases = []
    for name, rule in rules().items():
        of = re.findall(r'matter="(\w+)"', rule["expr"])
        rang: list[dict[str, Any]] = [{"matter": each} for each in of] if of else [{}]
        if name == SILENT:
            rang = [{"job": "porchlight"}]
        if name == ELSE:
            named = re.findall(r'matter!~"([^"]+)"', rule["expr"])[0].split("|")
            rang = [{"matter": each} for each in MATTERS if each not in named]
        expected = [
            {
                "exp_labels": {"grade": rule["labels"]["grade"], **labels},
                "exp_annotations": {
                    kind: text.replace("{{ $labels.matter }}", labels.get("matter", ""))
                    for kind, text in rule["annotations"].items()
                },
            }
            for labels in rang
        ]
        cases += [
            {"eval_time": "59m", "alertname": name, "exp_alerts": []},
            {"eval_time": "1h20m", "alertname": name, "exp_alerts": expected},
        ]
    file = tmp_path / "rings.yml"
    told = {"rule_files": [str(RULES)], "tests": [{"interval": "1m", "input_series": series, "alert_rule_test": cases}]}
    file.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")

    assert "SUCCESS" in promtool("check", "rules", RULES)
    assert "SUCCESS" in promtool("test", "rules", file)
