"""Walks every metric and label of a running house after a story, and holds them to the page that explains them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openly
from prometheus_client.parser import text_string_to_metric_families

from portal.operation.metrics import METRICS
from portal.operation.steps import STEPS, WAITS
from tests.support.house import free_port
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.reporters import LineReporter
from tests.support.source import REPOSITORY
from tests.support.web import HERE

PAGE = REPOSITORY / "docs" / "metrics.md"
DASHBOARD = REPOSITORY / "docs" / "grafana" / "porchlight.json"
CANARIES = ("the heron sleeps under the weir", "nine barrels rolled past the chandlery")
# What only the house's own clock and machine move; the rest belongs to people and must stand still while an hour lasts.
OF_THE_HOUSE = {
    "porchlight_matter",
    "porchlight_store_answers",
    "porchlight_workers",
    "porchlight_disk_free_ratio",
    "porchlight_disk_write_seconds",
    "porchlight_certificate_left_seconds",
    "porchlight_backup_age_seconds",
    "porchlight_clock_jumps",
}
Sample = tuple[str, tuple[tuple[str, str], ...], float]


@dataclass
class Watched:
    """A house with a port for its metrics, and what stood there before anybody came and after all had gone."""

    ready: OpenHouse
    place: str
    before: str = ""
    after: str = ""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Somebody talks and loses her line, an advocate answers, somebody sends a note."""
    place = f"127.0.0.1:{free_port()}"
    with open_house_at(tmp_path_factory.mktemp("h"), metrics=place, log_format="json", log_level="info") as ready:
        found = Watched(ready, place)
        found.before = asked(place).text
        desk = ready.admin.opens_the_line()
        desk.is_ready()
        with ready.visitor_on_the_line() as visitor:
            visitor.says(CANARIES[0])
            conversation = desk.takes_next()
            desk.says(conversation, CANARIES[1])
            visitor.hears(CANARIES[1])
            visitor.leaves("exit")
        desk.close()
        reporter = LineReporter(ready.house)
        reporter.sends_note(CANARIES[0])
        reporter.close()
        found.after = asked(place).text
        yield found


def asked(place: str, path: str = "/metrics", **headers: str) -> httpx.Response:
    return httpx.get(f"http://{place}{path}", headers=headers, timeout=PATIENCE_S, **HERE)


# The library gives its parsers no types.
openly: Callable[[str], Iterable[Metric]] = read_openly


def samples(told: str) -> list[Sample]:
    return [
        (each.name, tuple(sorted(each.labels.items())), each.value)
        for family in text_string_to_metric_families(told)
        for each in family.samples
    ]


def rows(heading: str) -> list[list[str]]:
    section = next(each for each in PAGE.read_text("utf-8").split("\n## ") if each.startswith(heading))
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines[2:]]


def named(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def test_the_page_explains_every_metric_and_label_and_no_other() -> None:
    told = {f"{each.name}_total" if each.is_counter else each.name: tuple(each.labels) for each in METRICS}
    explained = {named(name)[0]: named(labels) for name, labels, _says, _why in rows("Every metric")}
    values = {name: set(known) for each in METRICS for name, known in each.labels.items()}

    assert explained == told
    assert all(len(row[3]) > 5 for row in rows("Every metric"))
    assert {named(label)[0]: set(named(known)) for label, known in rows("Labels")} == values


def test_a_running_house_tells_nothing_but_the_table(watched: Watched) -> None:
    known = {f"{each.name}_total" if each.is_counter else each.name: each for each in METRICS}
    told = samples(watched.after)

    assert {name for name, *_ in told} <= set(known), "the library's own collectors tell of the process"
    for name, labels, value in told:
        assert all(of in known[name].labels[label] for label, of in labels), (name, labels)
        assert set(dict(labels)) == set(known[name].labels), (name, labels)
        if name not in OF_THE_HOUSE and not known[name].is_counter:
            assert value in (*STEPS, *WAITS), (name, value)
    assert "porchlight_line_drops" in {name for name, *_ in told}
    assert not any(canary.split()[1] in watched.after for canary in CANARIES)


def test_one_person_who_came_moved_nothing(watched: Watched) -> None:
    """A talk of two and a note, within one hour: what is about people reads as it did before the first of them."""

    def of_people(told: str) -> set[Sample]:
        return {each for each in samples(told) if each[0].removesuffix("_total") not in OF_THE_HOUSE}

    assert of_people(watched.after) == of_people(watched.before) != set()
    assert {value for *_, value in of_people(watched.after)} == {0.0}


def test_metrics_stand_on_their_own_port_alone_and_for_no_browser(watched: Watched) -> None:
    house = watched.ready.house

    assert asked(watched.place).headers["content-type"].startswith("text/plain; version=")
    as_asked = asked(watched.place, accept="application/openmetrics-text; version=1.0.0")
    assert {family.name for family in openly(as_asked.text)} == {each.name for each in METRICS}
    assert asked(watched.place, "/health/ready").text == "ready\n"
    assert asked(watched.place, **{"sec-fetch-site": "none"}).status_code == 404
    assert [asked(watched.place, path).status_code for path in ("/", "/en/", "/desk", "/metrics/x")] == [404] * 4
    assert [httpx.get(f"{origin}/metrics", **HERE).status_code for origin in (house.public, house.desk)] == [404, 404]


def test_every_line_of_the_log_is_one_object_and_tells_of_nobody(watched: Watched) -> None:
    written = (watched.ready.house.logs / "first.err").read_text("utf-8")
    lines = [json.loads(line) for line in written.splitlines()]

    assert lines, "at this level something is said"
    assert all({"at", "level", "room"} < set(line) and ("act" in line or "says" in line) for line in lines)
    assert not any(canary.split()[1] in written for canary in CANARIES)


def test_the_page_of_the_desk_says_it_in_words(watched: Watched) -> None:
    """A house of this test has no backup and reaches nobody: two things to do, and the rest in order."""
    reader = watched.ready.admin.reader
    reader.opens("/desk/operation")
    page = reader.page.words

    assert "No backup was ever taken." in page
    assert "server.py backup --to FOLDER" in page
    assert "All is well" not in page
    reader.opens("/desk")
    assert 'href="/desk/operation"' in reader.answer.text


def test_the_dashboard_asks_for_metrics_and_labels_there_are() -> None:
    known = {f"{each.name}_total" if each.is_counter else each.name: each for each in METRICS}
    asks = [
        target["expr"] for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"] for target in panel["targets"]
    ]
    shown = {name for ask in asks for name in re.findall(r"porchlight_\w+", ask)}

    assert shown == set(known), "each is asked for, and nothing else"
    for ask in asks:
        metric = known[re.findall(r"porchlight_\w+", ask)[0]]
        chosen = re.findall(r'(\w+)=~?"([^"]+)"', ask)
        assert all(set(of.split("|")) <= set(metric.labels[label]) for label, of in chosen), ask
        assert all(
            set(by.replace(" ", "").split(",")) <= set(metric.labels) for by in re.findall(r"by \(([^)]+)\)", ask)
        ), ask


def test_the_dashboards_fields_are_those_grafana_documents() -> None:
    """Its "JSON model" page: panels on a grid of 24, a question with an id, a source chosen by a variable."""
    told = json.loads(DASHBOARD.read_text("utf-8"))
    panels = told["panels"]
    (source,) = told["templating"]["list"]
    from_it = {"type": "prometheus", "uid": f"${{{source['name']}}}"}
    taken = [
        (column, row)
        for at in (panel["gridPos"] for panel in panels)
        for column in range(at["x"], at["x"] + at["w"])
        for row in range(at["y"], at["y"] + at["h"])
    ]

    assert {"title", "uid", "schemaVersion", "version", "time", "timezone", "refresh", "tags", "editable"} < set(told)
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    assert 8 <= len(told["uid"]) <= 40
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert {panel["type"] for panel in panels} == {"table", "stat", "timeseries"}
    assert len(set(taken)) == len(taken), "no panel lies on another"
    assert max(column for column, _ in taken) < 24
    for panel in panels:
        assert panel["datasource"] == from_it
        assert panel["fieldConfig"]["defaults"]["unit"] in {"short", "s", "percentunit"}
        for target in panel["targets"]:
            assert target["datasource"] == from_it
            assert target["refId"] == "A"
            assert target.get("instant", False) == (panel["type"] != "timeseries"), "what is now, or how it went"
            assert target["format"] == ("table" if panel["type"] == "table" else "time_series")
            of = re.findall(r"by \(([^)]+)\)", target["expr"])
            assert set(re.findall(r"{{(\w+)}}", target.get("legendFormat", ""))) <= set(of)
