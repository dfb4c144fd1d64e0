"""Holds the joining of scripts to the few forms of module syntax it knows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from portal.web.assets import FOLDER, Assets, squeeze_style
from portal.web.scripts import ScriptNotBundled, bundle_script, entry_scripts
from tests.support.words import sensitive_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js" / "lib").mkdir(parents=True)
    (tmp_path / "css" / "components").mkdir(parents=True)
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / "js" / f"{name.replace('__', '/')}.js").write_text(text, "utf-8")


def test_what_is_imported_stands_before_what_imports_it(folder: Path) -> None:
    write(
        folder,
        talk='// Says.\nimport {\n  say,\n  word as said\n} from "./lib/words.js";\nsay(said);\n',
        lib__words='export const word = "a";\nexport function say(it) { return it; }\nconst hidden = 1;\n',
    )
    bundle = bundle_script(folder, "js/talk.js")

    assert bundle.index("function say") < bundle.index("say(said)")
    assert "const {say, word: said} = m0;" in bundle
    assert "return {word, say};" in bundle
    assert "import" not in bundle
    assert "//" not in bundle


def test_lines_are_joined_only_where_nothing_can_hang_on_their_end(folder: Path) -> None:
    write(folder, talk="const a = [\n  1,\n  2,\n];\nconst b = a\n  .map((one) => one)\nuse(b)\nuse(a);\n")

    assert (
        bundle_script(folder, "js/talk.js") == "{const a = [1,2,];const b = a\n.map((one) => one)\nuse(b)\nuse(a);}\n"
    )


def test_two_scripts_of_one_page_may_name_things_alike(folder: Path) -> None:
    """What two classic scripts both declare at their top is refused with the second of them, whole."""
    write(
        folder, one="const LATE = 1;\n", two="const LATE = 2;\n", three='import { a } from "./a.js";\nconst LATE = a;\n'
    )
    write(folder, a="export const a = 1;\n")
    bundles = [bundle_script(folder, f"js/{name}.js").strip() for name in ("one", "two", "three")]
    assert [(text[0], text[-1]) for text in bundles] == [("{", "}"), ("{", "}"), ("(", ";")]


def test_only_what_nobody_imports_is_a_script_of_its_own(folder: Path) -> None:
    write(folder, talk='import { a } from "./lib/a.js";\na();\n', lib__a="export function a() {}\n", leave="1;\n")

    assert entry_scripts(folder) == ["js/leave.js", "js/talk.js"]


@pytest.mark.parametrize(
    "text",
    [
        'import all from "./lib/a.js";',
        'import * as a from "./lib/a.js";',
        "export default 1;",
        "export let a = 1;",
        'import { a } from "./nowhere.js";',
        "a(); // what comes after it would be a part of this",
        'import { a } from "./talk.js";\nexport const b = 1;',
    ],
)
def test_other_forms_are_refused_and_not_guessed(folder: Path, text: str) -> None:
    write(folder, talk=text, lib__a="export const a = 1;\n")

    with pytest.raises(ScriptNotBundled):
        bundle_script(folder, "js/talk.js")


def test_a_style_loses_its_comments_and_nothing_else() -> None:
    squeezed = squeeze_style("/* why */\n.a > .b ,\n.c { color : red ; inline-size: calc(1px + 2px); }\n")

    assert squeezed == ".a>.b,.c{color :red;inline-size:calc(1px + 2px)}"


def test_an_address_changes_with_the_content_and_names_nothing(folder: Path) -> None:
    """Requirements 29 and 32 of docs/safety.md: immutable names that hold no sensitive word."""
    write(folder, leave="1;\n")
    before = Assets.load(folder).address("js/leave.js")
    write(folder, leave="2;\n")
    after = Assets.load(folder).address("js/leave.js")

    assert before != after
    assert len(before) == len("/a/") + 12 + len(".js")


# Words any program may hold; in a style or a script they tell nobody what the page was for.
ANY_PROGRAMS = {"help", "urgen", "report", "secret", "danger"}


@pytest.mark.parametrize("name", ["css/public.css", *(name for name in entry_scripts(FOLDER) if "desk" not in name)])
def test_what_a_phone_keeps_of_us_does_not_tell_what_it_is(name: str) -> None:
    """Requirements 29 and 32 of docs/safety.md: styles and scripts lie in a browser's cache long after a visit."""
    text = Assets.load().asset(name).plain.decode()

    assert {word for line in text.splitlines() for word in sensitive_in(line)} - ANY_PROGRAMS == set()


def test_our_own_assets_stay_small() -> None:
    """Requirement 41 of docs/safety.md, and the style sheet's own aim of 6 KB."""
    assets = Assets.load()

    assert len(assets.asset("js/leave.js").plain) < 4096
    assert len(assets.asset("css/public.css").zipped) <= 6 * 1024
    for name in ("js/leave.js", "css/public.css"):
        assert gzip.decompress(assets.asset(name).zipped) == assets.asset(name).plain
