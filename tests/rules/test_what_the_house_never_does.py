"""Holds the whole source to what the house never does: reach out to a person, puzzle her, hurry her, alarm her."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from chat import clocks, conversation, presence
from chat.protocol import server as told, visitor as spoken
from portal.alerts.ways import Ways
from portal.settings_table import TABLE
from portal.web import csrf
from tests.support.source import REPOSITORY, imports, modules, reaches
from tips import access

SCRIPTS = sorted((REPOSITORY / "static" / "js").rglob("*.js"))
STYLES = sorted((REPOSITORY / "static" / "css").rglob("*.css"))
PUBLIC_SCRIPTS = [path for path in SCRIPTS if "desk" not in path.parts]
PUBLIC_TEMPLATES = [
    path
    for path in sorted((REPOSITORY / "templates").rglob("*.html"))
    if "desk" not in path.parts and path.name != "desk.html"
]
# What a person must have at the very least before anything of hers ends by a clock.
NEVER_UNDER = timedelta(minutes=20)


def short(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@cache
def uncommented(path: Path) -> str:
    text = path.read_text("utf-8")
    for comment in (r"\{#.*?#\}", r"/\*.*?\*/", r"(?m)^\s*//.*$"):
        text = re.sub(comment, "", text, flags=re.DOTALL)
    return text


def found(paths: list[Path], pattern: str) -> list[str]:
    """Where the pattern stands in the files, comments left out."""
    assert paths
    return [f"{short(path)}: {each.group()}" for path in paths for each in re.finditer(pattern, uncommented(path))]


def test_a_script_asks_for_nothing_and_makes_no_sound() -> None:
    """Requirements 28, 36, P14 and P19 of docs/safety.md: no permission, push, share, sound, tremble or full screen."""
    asking = (
        r"geolocation|getUserMedia|mediaDevices|permissions\b|requestPermission|Notification\b|PushManager|clipboard"
        r"|navigator\.share|vibrate|wakeLock|beforeinstallprompt|requestFullscreen|new Audio|AudioContext|\.play\("
        r"|speechSynthesis|contacts\b|bluetooth|setAppBadge"
    )

    assert found(PUBLIC_SCRIPTS, asking) == []
    assert found(PUBLIC_SCRIPTS, r"window\.open|\bopen\(['\"`]|_blank") == []


@pytest.mark.asvs("6.2.7")
def test_a_script_sets_no_puzzle_and_lets_everything_be_pasted() -> None:
    """Requirements 49 and 50 of docs/safety.md: no work for a phone to prove, nothing against pasting a number."""
    puzzles = r"crypto\.subtle|\bWorker\(|WebAssembly|captcha|['\"]paste['\"]|['\"]copy['\"]|['\"]contextmenu['\"]"

    assert found(PUBLIC_SCRIPTS, puzzles) == []


def test_a_template_plays_shows_and_takes_nothing() -> None:
    """Requirements 36, 50, P18 and R6 of docs/safety.md: no picture, sound, file, download or frame of another's."""
    assert found(PUBLIC_TEMPLATES, r"<(?:img|picture|video|audio|canvas|object|embed|marquee)\b") == []
    assert found(PUBLIC_TEMPLATES, r"\b(?:autoplay|download|ping|capture|onpaste)\s*(?:=|>)") == []
    # One field for a photo, which is on no page before the operator has said what happens with what may come.
    assert found(PUBLIC_TEMPLATES, r"\baccept\s*=") == ["templates/tips/files.html: accept="]
    assert found(PUBLIC_TEMPLATES, r"type=[\"']file[\"']|captcha") == ['templates/tips/files.html: type="file"']


def test_nothing_opens_a_second_tab() -> None:
    """Requirement 11 of docs/safety.md: an exit from one tab leaves another standing, with the talk in it."""
    assert found(PUBLIC_TEMPLATES, r"target=[\"']?_(?:blank|new)|window\.open") == []


def test_nothing_moves_or_flashes() -> None:
    """Requirements 47 and P19 of docs/safety.md."""
    moving = found(
        STYLES, r"(?<![-\w])(?:animation|transition|scroll-behavior)(?:-\w+)?\s*:\s*+(?!none\b|auto\b)[^;}]+|@keyframes"
    )

    assert moving == []


# Everything by which a program can begin to speak to somebody.
OUTGOING = (
    "smtplib", "subprocess", "http.client", "urllib.request", "socket", "ftplib", "telnetlib", "asyncio.streams",
    "httpx", "requests", "aiohttp", "aiosmtplib", "websockets.client", "websockets.sync",
    "deep_translator",
)  # fmt: skip
# Who listens on a port or asks whether the stores' own sockets answer, and the demonstration's sample people.
MAY = {
    "portal.worker",
    "portal.listening",
    "portal.activation",  # takes the sockets systemd holds, and tells it on one of this machine that the house answers
    "portal.supervisor",
    "portal.store.embedded",
    "portal.store.binary",  # asks the store's program which one it is
    "portal.demo",
    "portal.demo_people",
    "portal.operation.certificate",  # asks the proxy on this very machine for its certificate, and says nothing to it
    "portal.proof.own_line",  # the command that proves forgetting speaks to the house it stands beside
    "portal.alerts.ways",  # calls those who work here, and nobody else: see below
    "i18n.engine_line",  # asks the one engine the operator set for a translation
    "i18n.onprem",  # a class of deep-translator's over that line
    "i18n.clouds",  # the same, for a company the operator named
}


def test_no_room_can_send_anything_to_anybody() -> None:
    """Requirement P14 of docs/safety.md: no mail, no text message, no push: the house answers and never calls."""
    asked = [module for module in modules() if module.name not in MAY]

    assert asked
    assert [f"{each}: {name}" for each in asked for name in sorted(imports(each)) if reaches(name, *OUTGOING)] == []


def test_no_pattern_is_made_of_what_somebody_typed() -> None:
    """Lesson 49 of docs/tips-lessons.md: whoever may write a pattern can make one that never ends."""
    asking = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
    made = [
        f"{each.name}: {ast.unparse(node)}"
        for each in modules()
        if not each.name.startswith("portal.demo")  # whose sample people read our own pages
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {f"re.{ask}" for ask in asking}
        # A pattern is written here, or put together of what is: names of ours in capitals.
        and any(isinstance(part, ast.Name) and not part.id.isupper() for part in ast.walk(node.args[0]))
    ]

    assert made == []


def test_one_room_starts_a_program_and_only_those_ask_it_that_make_files() -> None:
    """They reach no socket: `tests/tips/files/test_drawing.py` and `test_stripping.py` let them try;
    `tests/tips/report/test_paper.py` reads the bounds of the one that prints.
    """
    starting = r"create_subprocess_(?:exec|shell)|os\.(?:system|popen|exec\w+|posix_spawn\w*|spawn\w+)\("

    assert [module.name for module in modules() if re.search(starting, module.text)] == [
        "portal.store.standing",  # becomes the store that the house starts itself where no unit does
        "tips.files.worker",
    ]
    asking = [each.name for each in modules() if "tips.files.worker" in imports(each) and each.name[:5] == "tips."]
    assert asking == ["tips.files.drawing", "tips.files.stripping", "tips.report.printing"]
    # What decodes pictures is loaded by the program that ends after one of them, and by nothing that goes on.
    assert [each.name for each in modules() if re.search(r"(?m)^\s*(?:from|import) PIL\b", each.text)] == [
        "tips.files.draw"
    ]
    setting = r"(?m)^\s*(?:from|import) (?:typst|uharfbuzz)\b"
    assert [each.name for each in modules() if re.search(setting, each.text)] == ["tips.report.press"]
    assert [each.name for each in modules() if re.search(r"(?m)^\s*from (?:libmat2|mutagen|gi)\b", each.text)] == [
        "tips.files.strip"
    ]


def test_an_alert_goes_where_the_settings_say_to_whom_the_roster_names_and_nowhere_else() -> None:
    """Requirement P14 of docs/safety.md: the one door outwards is for people who work here. Servers come from the
    settings; the only targets are those that the roster opened from its own sealed rows, and the mailboxes that stand
    in the settings themselves; no other room sends by it.
    """
    users = [each.name for each in modules() if "portal.alerts.ways" in imports(each)]
    sending = [
        (each.name, ast.unparse(node))
        for each in modules()
        if each.name.startswith(("portal.alerts", "chat", "tips"))
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ways.send")
    ]

    assert set(users) == {"portal.alerts.desk", "portal.alerts.pages", "tips.crowd.digest"}
    targets = {(name, ", ".join(call.split("(")[1].split(", ")[:2])) for name, call in sending}
    assert targets == {
        ("portal.alerts.desk", "way.way, way.target"),
        ("tips.crowd.digest", "MAIL, mailbox"),
    }
    digest = next(each.text for each in modules() if each.name == "tips.crowd.digest")
    assert re.findall(r"self\._to = (.+)", digest) == ["services.settings.digest_to or ()"]
    assert re.findall(r"for tag, mailbox in (.+?)\)", digest) == ["self._to"]
    assert list(inspect.signature(Ways.__init__).parameters) == ["self", "settings"]


@pytest.mark.parametrize("frame", get_args(told.ToVisitor), ids=lambda frame: frame.__name__)
def test_a_visitor_is_told_no_time_no_reading_and_no_address(frame: type[msgspec.Struct]) -> None:
    """Requirement P18 of docs/safety.md: how long is told, when never."""
    names = {field.name for field in msgspec.structs.fields(frame)}

    assert (
        names & {"at", "time", "when", "seconds", "read", "seen", "day", "address", "ip", "country", "email"} == set()
    )
    assert not any(name.endswith(("_at", "_time")) for name in names)


def test_a_visitor_can_be_asked_for_no_way_to_reach_her() -> None:
    """Requirement P14 of docs/safety.md: her line has no frame by which an address or a number would be left."""
    names = {field.name for frame in get_args(spoken.Spoken) for field in msgspec.structs.fields(frame)}

    assert {"token", "text", "choice"} <= names
    assert {name for name in names if re.search(r"mail|phone|address|contact|reach|device|agent|push", name)} == set()


def shortest(field: str) -> int:
    """The smallest number a setting may be."""
    (setting,) = [setting for setting in TABLE if setting.field == field]
    for number in range(1_000):
        with contextlib.suppress(ValueError):
            return int(setting.read(str(number)))
    raise AssertionError(field)


def test_no_clock_of_hers_is_shorter_than_twenty_minutes() -> None:
    """Requirement 50 of docs/safety.md: a page that was read slowly, a visit, a wait, a talk."""
    lasting = {
        "from opening a page to pressing its button": csrf.OLDEST,
        "a visit with a number": access.VISIT_LASTS,
        "a wait nobody lives in": timedelta(milliseconds=presence.UNLIVED_AFTER_MS),
        "a conversation": timedelta(hours=conversation.LASTS_HOURS),
        "a silence in view, asked and waited": timedelta(minutes=2 * shortest("silent_minutes")),
        "away, where she chose nothing": timedelta(minutes=clocks.NO_WISH_MINUTES),
    }

    assert {name: clock for name, clock in lasting.items() if clock < NEVER_UNDER} == {}
