"""The pages a proxy serves alone: every language, the phone line, the exit, and no link that leads nowhere."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal import away_page
from portal.away_page import ROOT, write
from portal.library.shipped import CORE
from portal.settings import Settings
from portal.store.database import DatabaseAway
from tests.support.html import Document

PHONE = "555-0142"
EXIT = "https://weather.example/"


def settings_at(tmp_path: Path, empty_database: Path) -> Settings:
    told = Settings(data_dir=tmp_path / "data", keys_dir=tmp_path / "keys", phone_line=PHONE, exit_urls={"": EXIT})
    told.data_dir.mkdir()
    shutil.copy(empty_database, told.database_path)
    return told


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    return settings_at(tmp_path, empty_database)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """Every page, once."""
    folder = tmp_path_factory.mktemp("w")
    asyncio.run(write(folder / "out", settings_at(folder, empty_database)))
    return folder / "out"


def pages_in(folder: Path) -> dict[str, Document]:
    """Every page by its address."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}
    return {"/" + name.removesuffix(".html"): Document(path.read_text("utf-8")) for name, path in found.items()}


async def test_every_language_has_its_pages_with_phone_and_exit(written: Path) -> None:
    pages = pages_in(written)
    words = Catalogue.load()

    for tag, language in LANGUAGES.items():
        own = [page for address, page in pages.items() if address.startswith(f"{ROOT}/{tag}/")]
        assert len(own) >= 8
        for page in own:
            assert page.links[0] == EXIT
            assert any(link.startswith("tel:") and link.endswith("5550142") for link in page.links)
            assert page.forms == []
        assert words.phrase(language, "error.away") in pages[f"{ROOT}/{tag}/index"].words
        assert words.phrase(language, "error.too_large") in pages[f"{ROOT}/{tag}/long"].words
        assert words.phrase(language, "error.busy") in pages[f"{ROOT}/{tag}/busy"].words


async def test_no_link_leads_to_a_page_that_is_not_there(written: Path) -> None:
    there = {path.relative_to(written).as_posix() for path in written.rglob("*.*")}
    homes = {f"/{tag}/" for tag in LANGUAGES}
    lost: list[str] = []
    for address, page in pages_in(written).items():
        for link in {link.partition("#")[0] for link in page.links if link.startswith("/")} - homes:
            files = {link.lstrip("/"), f"{link.lstrip('/')}.html", f"{link.lstrip('/')}index.html"}
            lost += [f"{address}: {link}"] if not files & there else []

    assert lost == []
    assert {path.rpartition(".")[2] for path in there} == {"html", "css", "js"}


async def test_the_proxy_may_read_what_was_written(written: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in written.rglob("*.*")} == {0o644}


async def test_what_is_read_is_there_in_every_language_and_what_asks_the_house_is_not(written: Path) -> None:
    for tag in LANGUAGES:
        assert {f"{name}.html" for name in CORE} - {path.name for path in (written / f"wait/{tag}/read").iterdir()} == (
            set()
        )
    assert not [path for path in written.rglob("*.html") if path.stem in ("after", "places", "talk", "note")]


async def test_without_the_database_the_older_pages_stay(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    await write(out, settings)
    before = (out / "wait/en/index.html").read_bytes()
    settings.database_path.rename(settings.database_path.with_suffix(".away"))

    with pytest.raises(DatabaseAway):
        await write(out, replace(settings, phone_line="000"))
    assert (out / "wait/en/index.html").read_bytes() == before


def test_the_command_says_in_one_sentence_why_it_wrote_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(away_page, "from_process", lambda file: settings)
    assert away_page.main([str(tmp_path / "out")]) == 0

    settings.database_path.unlink()
    assert away_page.main([str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
