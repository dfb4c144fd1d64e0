"""Lets Debian's Prometheus collect from a house that people came to, and asks it all that is shipped.

The house lives by a clock of its own, in the last hour of a day: what people moved is seen when that is over.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from portal.operation.metrics import METRICS
from tests.portal.operation.test_alert_rules import rules
from tests.support.certificate import certificate
from tests.support.deaths import until
from tests.support.house import free_port
from tests.support.line_people import LineVisitor
from tests.support.other_time import LIBRARY, OtherTime
from tests.support.patience import PATIENCE_S
from tests.support.prometheus import Prometheus, promtool, running_prometheus, shipped_settings
from tests.support.reporters import LineReporter
from tests.support.source import REPOSITORY
from tests.support.timed_house import timed_house
from tests.support.web import HERE

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.skipif(LIBRARY is None, reason="make prometheus installs it"),
]

DASHBOARD = REPOSITORY / "docs" / "grafana" / "porchlight.json"
AN_HOUR_BEFORE_S, JUST_BEFORE_S = 3_500.0, 5.0
PEOPLE = 6
# Where a house that people came to has a number above nought when the day is over.
MOVED = {"porchlight_line_drops", "porchlight_most_waiting", "porchlight_wait_seconds"}


@dataclass
class Seen:
    """What was collected: every answer of the house while the hour lasted, one after it, and who collected."""

    prometheus: Prometheus
    place: str
    during: set[str]
    after: str


def of_people(told: str) -> str:
    """The lines that people move."""
    names = "|".join([*MOVED, "porchlight_turned_away", "porchlight_engine_away_seconds"])
    return "\n".join(line for line in told.splitlines() if re.match(rf"({names})\{{", line))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    root = tmp_path_factory.mktemp("h")
    place = f"127.0.0.1:{free_port()}"
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    clock = OtherTime.beside(root, (midnight - now).total_seconds() - AN_HOUR_BEFORE_S)
    with ExitStack() as stack:
        made = certificate(tmp_path_factory.mktemp("c"), "talk.localhost")
        house, admin = stack.enter_context(
            timed_house(root, clock, metrics=place, certificate=made.chain, chat_capacity=20, workers=1)
        )
        prometheus = stack.enter_context(running_prometheus(tmp_path_factory.mktemp("p"), place))

        answers: set[str] = set()
        desk = admin.opens_the_line()
        stack.callback(desk.close)
        desk.is_ready()
        visitors = [stack.enter_context(LineVisitor.starts(house)) for _ in range(PEOPLE)]
        for visitor in visitors:
            visitor.says("I am in line")
            answers.add(of_people(asked(place)))
        time.sleep(2.5)  # the queue is looked at every two seconds
        for _ in visitors:
            desk.says(desk.takes_next(), "So am I")
            answers.add(of_people(asked(place)))
        for visitor in visitors:
            visitor.line.breaks()
        reporter = LineReporter(house)
        stack.callback(reporter.close)
        reporter.sends_note("a van each night")
        answers.add(of_people(asked(place)))
        # The rest of the hour is passed over: that is a jump too, and counted.
        clock.jumps_to((midnight - datetime.now(UTC)).total_seconds() - JUST_BEFORE_S)
        until(lambda: of_people(asked(place)) not in answers, within=60)
        time.sleep(65)  # each process looks once more
        yield Seen(prometheus, place, answers, asked(place))


def asked(place: str) -> str:
    return httpx.get(f"http://{place}/metrics", timeout=PATIENCE_S, **HERE).text


def panels() -> list[tuple[str, str]]:
    """Every question of the dashboard, with its panel's title."""
    return [
        (panel["title"], target["expr"])
        for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]
        for target in panel["targets"]
    ]


def test_what_people_moved_stood_still_until_its_hour_was_over(seen: Seen) -> None:
    assert len(seen.during) == 1
    assert not re.search(r" [1-9]", next(iter(seen.during)))


def test_promtool_likes_every_name_and_word(seen: Seen) -> None:
    promtool("check", "metrics", given=seen.after)


def test_it_collects_by_the_shipped_settings(seen: Seen) -> None:
    (target,) = seen.prometheus.asks("targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")
    assert target["labels"]["job"] == shipped_settings()["scrape_configs"][0]["job_name"]
    names = set(seen.prometheus.asks("label/__name__/values"))
    own = {name for name in names if not name.startswith("porchlight_")}
    assert own <= {"up", "ALERTS", "ALERTS_FOR_STATE"} | {name for name in own if name.startswith("scrape_")}
    told = {f"{each.name}_total" if each.is_counter else each.name for each in METRICS}
    # No backup was taken.
    assert names - own == told - {"porchlight_backup_age_seconds"}


@pytest.mark.parametrize(("title", "expression"), panels(), ids=[title for title, _ in panels()])
def test_each_panel_is_answered_with_what_a_house_with_people_has(seen: Seen, title: str, expression: str) -> None:
    found = seen.prometheus.query(expression)

    if "porchlight_backup_age_seconds" in expression:
        assert found == [], "no backup was taken: the panel says so"
        return
    assert found, f"{title}: no data"
    if any(name in expression for name in MOVED):
        assert max(float(each["value"][1]) for each in found) >= 5, found


def test_each_rule_is_loaded_and_evaluated_without_a_mistake(seen: Seen) -> None:
    (group,) = seen.prometheus.asks("rules")["groups"]
    loaded: dict[str, Any] = {each["name"]: each for each in group["rules"]}

    assert set(loaded) == set(rules())
    assert {each["health"] for each in loaded.values()} == {"ok"}
    assert {each.get("lastError") for each in loaded.values()} == {None}
    for rule in rules().values():
        seen.prometheus.query(rule["expr"])
    # Nobody is reached in this house: that is what is to be mended, and it says so.
    found = {each["labels"]["matter"] for each in loaded["PorchlightSomethingElse"]["alerts"]}
    assert "calls" in found
    assert loaded["PorchlightSilent"]["alerts"] == []
