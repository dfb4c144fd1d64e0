"""Holds every word a frightened person reads to short sentences, common words and choices, in every language."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from i18n.languages import LANGUAGES
from tests.support.catalogues import phrases
from tests.support.plain_words import PLAIN, grade, length, lix, sentences, wording

PUBLIC = ("portal", "chat", "cards", "tips", "translation", "afterwards", "library", "counts")
# Words of the desk stand in the same catalogues; they are read by people who work here.
DESK = ("chats.", "desktips.")
# Names of places, and of phones' own menus, are written as others write them.
NAMES = ("region.", "safety.hear_line", "notice.window_line")
# Read first and most often in fear: danger, who sees, the way out and what stays after it, and the notice before Start.
FIRST = ("notice.danger", "notice.seen", "notice.leave", "exit.", "leaving.", "talk.start.")

GRADE = 5
GRADE_OF_THE_FIRST = 3
# Under this many words a formula measures one long word and nothing else; such groups are read together.
ENOUGH = 60
SHORT_NOTICE = [f"talk.start.{part}" for part in ("heading", "seen", "leave", "private", "skip")]
LONG_NOTICE = (
    "danger danger_numbers seen seen_line leave leave_line window window_line clear clear_line who who_named keep",
    "keep_line tell tell_line choose choose_line drop drop_call start not_now tip",
)
TONGUES = pytest.mark.parametrize("tag", LANGUAGES)


@cache
def texts(tag: str) -> dict[str, str]:
    """Every public phrase of a language, in its plural form where it counts."""
    return {
        key: wording(wordings[-1])
        for domain in PUBLIC
        for key, wordings in phrases(domain, tag).items()
        if not key.startswith((*DESK, *NAMES))
    }


def groups(tag: str) -> dict[str, str]:
    """The phrases page by page, by the beginning of their keys: a new page is held here from its first phrase on."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, text in texts(tag).items():
        first, second, *more = key.split(".")
        found[f"{first}.{second}" if first == "talk" and more else first].append(text)
    return {page: " ".join(lines) for page, lines in found.items()}


def pages(tag: str) -> dict[str, str]:
    """The same, pages of few words read together."""
    whole = groups(tag)
    small = sorted(page for page, text in whole.items() if len(text.split()) < ENOUGH)
    large = {page: text for page, text in whole.items() if page not in small}
    return large | {"small ones": " ".join(whole[page] for page in small)}


def test_the_measures_tell_plain_from_heavy() -> None:
    plain = "You can talk to us. No one has to know. We do not ask for your name."
    heavy = (
        "Confidentiality notwithstanding, information disclosed to authorised representatives of the organisation may, "
        "pursuant to applicable legislation, subsequently be communicated to governmental authorities."
    )

    assert grade(plain) < 2 < 15 < grade(heavy)
    assert lix(plain) < 20 < 60 < lix(heavy)


BLAMES = {
    "en": "You must", "fr": "vous devez", "es": "debe", "tl": "bawal", "pa": "ਕਰਨਾ ਚਾਹੀਦਾ", "zh-Hans": "你必须",
    "zh-Hant": "你必須", "ar": "ممنوع", "hi": "करना चाहिए", "ur": "ممنوع", "fa": "شما باید", "uk": "ви повинні",
    "ru": "вы должны", "vi": "bạn phải", "ko": "하셔야", "th": "ห้าม", "pt": "você deve", "ro": "nu uita", "hu": "tilos",
    "ht": "ou dwe",
}  # fmt: skip
PASSWORD = {
    "en": "password", "fr": "mot de passe", "es": "contraseña", "tl": "password", "pa": "ਪਾਸਵਰਡ",
    "zh-Hans": "密码", "zh-Hant": "密碼", "ar": "كلمة السر", "hi": "पासवर्ड", "ur": "پاس ورڈ",
    "fa": "گذرواژه", "uk": "пароль", "ru": "пароль", "vi": "mật khẩu", "ko": "비밀번호",
    "th": "รหัสผ่าน", "pt": "senha", "ro": "parola", "hu": "jelszó", "ht": "modpas",
}  # fmt: skip


@TONGUES
def test_a_word_that_blames_would_be_found(tag: str) -> None:
    assert re.search(PLAIN[tag].scolds, f"… {BLAMES[tag].lower()} …")
    assert re.search(PLAIN[tag].trade, f"… {PASSWORD[tag]} …")


def test_every_public_page_is_read() -> None:
    read = set(pages("en"))

    assert {"home", "notice", "numbers", "privacy", "leaving", "talk", "talk.start", "note", "back"} <= read
    assert not [page for page in read if page.startswith(("chats", "desktips"))]


def test_a_page_reads_at_grade_five() -> None:
    """Requirement R1 of docs/safety.md."""
    assert {page: round(grade(text), 1) for page, text in pages("en").items() if grade(text) > GRADE} == {}


def test_what_is_read_first_is_easier_still() -> None:
    """Requirement R1 of docs/safety.md: danger, who sees, the way out, the notice before Start."""
    for first in FIRST:
        whole = " ".join(text for key, text in texts("en").items() if key.startswith(first))
        assert grade(whole) <= GRADE_OF_THE_FIRST, (first, round(grade(whole), 1))


@TONGUES
def test_no_sentence_is_long(tag: str) -> None:
    """Requirements R1 and R5 of docs/safety.md."""
    long = {
        key: sentence
        for key, text in texts(tag).items()
        for sentence in sentences(text, tag)
        if length(sentence, tag) > PLAIN[tag].longest
    }
    assert long == {}


@TONGUES
def test_sentences_are_short_on_the_whole_and_words_are_common(tag: str) -> None:
    """Requirements R1, R2 and R5 of docs/safety.md: 12 words a sentence, few long words, on each page."""
    plain, wrong = PLAIN[tag], {}
    for page, text in pages(tag).items():
        lengths = [length(sentence, tag) for sentence in sentences(text, tag)]
        mean, weight = sum(lengths) / len(lengths), lix(text, tag)
        if mean > plain.mean or (plain.lix is not None and weight > plain.lix):
            wrong[page] = (round(mean, 1), round(weight))
    assert wrong == {}


@TONGUES
def test_the_notices_keep_to_their_words(tag: str) -> None:
    """Requirement R2 of docs/safety.md: 70 for the short, 270 for the long, a few more where a tongue needs them."""
    short, long = PLAIN[tag].notices
    said = {key: wordings[-1] for key, wordings in phrases("portal", tag).items()}

    assert sum(length(texts(tag)[key], tag) for key in SHORT_NOTICE) <= short
    assert sum(length(said[f"notice.{part}"], tag) for part in " ".join(LONG_NOTICE).split()) <= long


@TONGUES
def test_numbers_are_digits(tag: str) -> None:
    """Requirement R2 of docs/safety.md."""
    assert {key: text for key, text in texts(tag).items() if re.search(PLAIN[tag].counted, text.lower())} == {}


@TONGUES
def test_no_wording_scolds_or_labels_the_reader(tag: str) -> None:
    """Requirements R3 and C19 of docs/safety.md."""
    # Of a machine's words it is said that they may be wrong.
    said = {key: text for key, text in texts(tag).items() if not key.startswith("translation.")}

    assert {key: text for key, text in said.items() if re.search(PLAIN[tag].scolds, text.lower())} == {}


@TONGUES
@pytest.mark.parametrize("page", ["notice", "leaving", "privacy", "talk.start"])
def test_what_is_told_leaves_a_choice(tag: str, page: str) -> None:
    """Requirement R3 of docs/safety.md: "you can", "if you want"."""
    assert re.search(PLAIN[tag].choice, groups(tag)[page].lower())


@TONGUES
def test_no_page_shows_a_code_for_what_went_wrong(tag: str) -> None:
    """Requirement C19 of docs/safety.md."""
    told = {key: text for key, text in texts(tag).items() if key.startswith(("error.", "sorry.", "refused.", "line."))}

    assert len(told) > 15
    assert {key: text for key, text in told.items() if re.search(r"\d{3,}|https?:|#\d", text)} == {}


HIDING = r"(?i)\b(tor|vpn|onion|proxy|orbot|tails|incognito)\b|\bتور\b"


@TONGUES
def test_no_public_word_is_of_the_trade_of_ciphers(tag: str) -> None:
    """Lesson 34 of docs/tips-lessons.md."""
    assert {key: text for key, text in texts(tag).items() if re.search(PLAIN[tag].trade, text.lower())} == {}


@TONGUES
def test_nobody_is_sent_to_another_browser_or_network(tag: str) -> None:
    """Lesson 30 of docs/tips-lessons.md: what such an icon on a watched phone says is hers to weigh."""
    assert {key: text for key, text in texts(tag).items() if re.search(HIDING, text)} == {}


# The same in every language: a sign, a name, a short word two languages share, a number with its unit.
SHARED = {
    "numbers.relay", "talk.ask.safe.no", "cards.choice.no", "note.young.2", "note.answer.2", "note.voice.2",
    "talk.ask.cutoff.5", "talk.ask.cutoff.30", "talk.ask.cutoff.60", "translation.choice.machineno", "afterwards.no",
}  # fmt: skip
# And what is the same by chance in one.
SHARED_IN = {"fr": {"counts.contacts"}, "ro": {"note.kind.2", "note.work.4", "files.own.paper"}}


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "en"])
def test_no_page_falls_back_to_english_silently(tag: str) -> None:
    """Requirement R5 of docs/safety.md."""
    english, shared = texts("en"), SHARED | SHARED_IN.get(tag, set())

    assert {key: text for key, text in texts(tag).items() if text == english[key] and key not in shared} == {}
    assert dict(english_left(tag)) == {}


def english_left(tag: str) -> Iterator[tuple[str, str]]:
    """Phrases in which little English words are left standing."""
    little = re.compile(r"\b(the|and|your|you|with|this|when|what|we)\b")
    for key, text in texts(tag).items():
        if little.search(text.lower()):
            yield key, text


@TONGUES
def test_the_exit_is_named_in_at_most_22_characters(tag: str) -> None:
    assert len(phrases("portal", tag)["exit.label"][0]) <= 22


# The letters of each script; what stands in others beside them is a name, of a place, a program or a kind of file.
LETTERS = {
    "zh-Hans": "CJK", "zh-Hant": "CJK", "ar": "ARABIC", "ur": "ARABIC", "fa": "ARABIC", "hi": "DEVANAGARI",
    "pa": "GURMUKHI", "uk": "CYRILLIC", "ru": "CYRILLIC", "ko": "HANGUL", "th": "THAI",
}  # fmt: skip
# Letters that look right and are another language's: a search, a reader and a screen reader trip over them.
STRANGE = {"fa": "كيىة", "ur": "كيىة", "ro": "şţŞŢ", "zh-Hans": "這個們說話請", "zh-Hant": "这个们说话请", "uk": "ыэё"}


@TONGUES
def test_no_word_is_written_in_two_scripts_or_in_a_neighbours_letters(tag: str) -> None:
    own = LETTERS.get(tag, "LATIN")
    mixed = {
        key: word
        for key, text in texts(tag).items()
        # Korean hangs its endings on a name in other letters.
        for word in re.findall(r"[A-Za-z]+|[^\W\d_]+" if tag == "ko" else r"[^\W\d_]+", text)
        if len(scripts := {unicodedata.name(letter).split()[0] for letter in word}) > 1
        or scripts not in ({own}, {"LATIN"})
        or set(word) & set(STRANGE.get(tag, ""))
    }
    assert mixed == {}


def test_persian_counts_in_its_own_digits_and_dials_in_those_on_the_keys() -> None:
    latin = {key: number for key, text in texts("fa").items() for number in re.findall(r"[0-9]{2,}", text)}

    assert set(latin.values()) <= {"911", "988"}
    assert any(re.search("[۰-۹]", text) for text in texts("fa").values())
