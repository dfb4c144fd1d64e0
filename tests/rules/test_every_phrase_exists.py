"""Holds every phrase the house asks for to standing in every catalogue, filled, with the same places for names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from i18n.catalogue import PUBLIC_DOMAINS
from i18n.languages import DESK_TAGS, LANGUAGES
from tests.support.catalogues import CATALOGUES, catalogue, domains, phrases
from tests.support.source import REPOSITORY, modules

PUBLIC = dict.fromkeys(PUBLIC_DOMAINS, tuple(LANGUAGES))
DESK = dict.fromkeys(sorted(domains("en") - set(PUBLIC_DOMAINS)), DESK_TAGS)
DOMAINS = PUBLIC | DESK

CALL = re.compile(r"""(?<![\w.])(?:tn?|bothn?|originaln?)\(\s*(["'])([^"']+)\1\s*(~|,|\)|%)""")
# What a template asks for words; those that end with n count.
FUNCTIONS = {"t", "tn", "both", "bothn", "original", "originaln"}
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def every_key() -> set[str]:
    return {key for domain in DOMAINS for key in phrases(domain, "en")}


def asked_by_templates() -> dict[str, str]:
    """Each key, or beginning of a key, that a template asks for, with where it does; beginnings end with a star."""
    found: dict[str, str] = {}
    for path in sorted((REPOSITORY / "templates").rglob("*.html")):
        for _, key, after in CALL.findall(path.read_text("utf-8")):
            found[key if after != "~" else key + "*"] = path.relative_to(REPOSITORY).as_posix()
    return found


def asked_by_code() -> dict[str, str]:
    """Each key that an error carries as `phrase`, or that code hands to `t` or `tn`."""
    found: dict[str, str] = {}
    for module in modules():
        for node in ast.walk(module.tree):
            value: ast.expr | None = None
            if isinstance(node, ast.AnnAssign | ast.Assign):
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                if isinstance(target, ast.Name) and target.id == "phrase":
                    value = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                value = node.args[0] if name in {"t", "tn"} else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and KEY.fullmatch(value.value):
                found[value.value] = module.name
    return found


@pytest.mark.parametrize(("domain", "tag"), [(domain, tag) for domain, tags in DOMAINS.items() for tag in tags])
def test_every_phrase_is_filled_in_every_language(domain: str, tag: str) -> None:
    english, here = phrases(domain, "en"), phrases(domain, tag)

    assert sorted(english.keys() - here.keys()) == []
    assert sorted(here.keys() - english.keys()) == []
    assert [key for key, wordings in here.items() if not all(word.strip() for word in wordings)] == []
    assert [message.id for message in catalogue(domain, tag) if message.fuzzy and message.id] == []


@pytest.mark.parametrize(("domain", "tag"), [(domain, tag) for domain, tags in DOMAINS.items() for tag in tags])
def test_a_wording_has_the_places_its_english_has(domain: str, tag: str) -> None:
    """A number or name that one language leaves out, or spells differently, would be missing on the page."""
    english = phrases(domain, "en")
    wrong = {
        key: wordings
        for key, wordings in phrases(domain, tag).items()
        for wording in wordings[-1:]
        if places(wording) != places(english[key][-1])
    }
    assert wrong == {}


def places(wording: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", wording))


def test_every_phrase_a_template_asks_for_exists() -> None:
    known = every_key()
    missing = {
        key: where
        for key, where in asked_by_templates().items()
        if not (key in known or (key.endswith("*") and any(one.startswith(key[:-1]) for one in known)))
    }
    assert missing == {}


def test_every_phrase_the_code_asks_for_exists() -> None:
    known = every_key()

    assert {key: where for key, where in asked_by_code().items() if key not in known} == {}


def test_a_template_fills_every_place_of_a_phrase() -> None:
    """A place that is left empty breaks the page at the worst moment: while it is drawn for somebody."""
    english = {key: wordings for domain in DOMAINS for key, wordings in phrases(domain, "en").items()}
    parser = Environment()  # noqa: S701 - only reads templates, draws none
    empty = []
    for path in sorted((REPOSITORY / "templates").rglob("*.html")):
        for call in parser.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name not in FUNCTIONS or call.dyn_kwargs:
                continue
            key = call.args[0].value if call.args and isinstance(call.args[0], nodes.Const) else None
            given = {each.key for each in call.kwargs} | ({"n"} if call.node.name.endswith("n") else set())
            needed = {place for wording in english.get(str(key), []) for place in places(wording)}
            if needed - given:
                empty.append((path.name, call.lineno, key, sorted(needed - given)))
    assert empty == []


def test_no_key_stands_in_two_catalogues() -> None:
    seen: dict[str, str] = {}
    twice = []
    for domain in DOMAINS:
        for key in phrases(domain, "en"):
            if key in seen:
                twice.append((key, seen[key], domain))
            seen[key] = domain
    assert twice == []


FORBIDDEN_PROMISES = {
    "en": ["end-to-end", "anonymous", "untraceable", "zero knowledge", "secure", "encrypted", "nobody can read"],
    "fr": ["bout en bout", "anonyme", "intraçable", "chiffré", "sécurisé", "personne ne peut lire"],
    "es": ["extremo a extremo", "anónim", "irrastreable", "cifrad", "encriptad", "nadie puede leer"],
    "ar": ["مجهول الهوية", "مشفر", "مشفّر"],
    "tl": ["end-to-end", "anonymous", "anonim", "hindi matutunton", "encrypted", "secure", "walang makakabasa"],
    "pa": ["ਗੁਮਨਾਮ", "ਇਨਕ੍ਰਿਪਟ", "ਐਨਕ੍ਰਿਪਟ", "ਕੋਈ ਨਹੀਂ ਪੜ੍ਹ ਸਕਦਾ"],
    "zh-Hans": ["端到端", "匿名", "无法追踪", "加密", "没有人能看到", "绝对安全"],
    "zh-Hant": ["端到端", "端對端", "匿名", "無法追蹤", "加密", "沒有人能看到", "絕對安全"],
    "hi": ["गुमनाम", "एन्क्रिप्ट", "एनक्रिप्ट", "कोई नहीं पढ़ सकता"],
    "ur": ["گمنام", "انکرپٹ", "خفیہ کاری", "کوئی نہیں پڑھ سکتا"],
    "fa": ["ناشناس", "گمنام", "رمزگذاری", "رمزنگاری", "هیچ‌کس نمی‌تواند بخواند"],
    "uk": ["наскрізн", "анонім", "зашифр", "захищен", "ніхто не може прочитати", "ніхто не прочитає"],
    "ru": ["сквозн", "аноним", "зашифр", "защищён", "защищен", "никто не может прочитать", "никто не прочитает"],
    "vi": ["đầu cuối", "ẩn danh", "không thể truy", "mã hóa", "bảo mật", "không ai có thể đọc"],
    "ko": ["종단", "익명", "추적할 수 없", "암호화", "아무도 읽을 수 없"],
    "th": ["นิรนาม", "เข้ารหัส", "ติดตามไม่ได้", "ไม่มีใครอ่านได้"],
    "pt": ["ponta a ponta", "anónim", "anônim", "não rastreáv", "encriptad", "criptografad", "ninguém pode ler"],
    "ro": ["capăt la capăt", "anonim", "nu poate fi urmărit", "criptat", "securizat", "nimeni nu poate citi"],
    "hu": ["végpontok közötti", "anonim", "névtelen", "követhetetlen", "titkosít", "senki sem olvashatja"],
    "ht": ["anonim", "kripte", "sekirize", "pèsonn pa ka li"],
}


# Words stand side by side there, with nothing between.
UNPARTED = ("zh-Hans", "zh-Hant", "th")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_page_promises_what_no_house_can_keep(tag: str) -> None:
    said = {
        (key, promise)
        for domain, tags in PUBLIC.items()
        if tag in tags
        for key, wordings in phrases(domain, tag).items()
        # Phones call their private window "anonymous" in some of these, and nothing else finds it.
        for wording in (wordings if key != "notice.window_line" else ())
        for promise in FORBIDDEN_PROMISES[tag]
        if re.search(("" if tag in UNPARTED else r"(?<!\w)") + re.escape(promise), wording.lower())
    }
    assert said == set()


def test_a_catalogue_names_no_machine_and_no_person() -> None:
    for path in sorted(CATALOGUES.rglob("*.po")):
        head = path.read_text("utf-8").split("\n\n")[0]
        assert not re.search(r"[\w.]+@[\w.]+", head), Path(path).name
