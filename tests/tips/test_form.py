"""Holds what the form takes, what it asks to mend, and what it drops."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given, strategies as st

from portal.handover import WordsLeft
from portal.vault.padding import RECORD_STEPS, longest
from portal.web.forms import Form
from tests.tips.test_tip import NOON
from tips.asked import FACTS, LOST, MORE, NOTE, Ask, Fold, Home, How, asked
from tips.consents import Consent, Identity
from tips.form import ADDITION_LIMIT, Mend, TipForm, from_talk, kept_typing, read, read_addition, read_more
from tips.tip import Child, Facts, Kind, Names, Path, Urgency, Words, encode

TYPED = [ask for ask in NOTE if ask.is_typed]
TAPPED = [ask for ask in NOTE if not ask.is_typed]
MORE_TYPED = [ask for ask in MORE if ask.is_typed]


def by_name(ask: Ask) -> str:
    return ask.name


def test_what_happened_is_enough() -> None:
    assert read({"words": "A van, each day."}) == TipForm(words="A van, each day.")


@pytest.mark.parametrize("typed", ["", "   ", "\r\n\t ", "\x00\x07"])
def test_nothing_written_is_the_one_thing_to_mend(typed: str) -> None:
    assert read({"words": typed}) == (Mend("words", "note.error.words_missing"),)


def test_everything_tapped_and_typed_is_read() -> None:
    typed = {
        "words": "w",
        "about": "2",
        "soon": "1",
        "young": "3",
        "answer": "2",
        "place": "p",
        "day": "d",
        "reach": "r",
    }
    more = {"area": "ca-nu", "who": "2", "ok": "1 4", "called": "Kim", "hours": "noon", "mask": "the gym", "voice": "2"}
    assert read({**typed, **more, "tongue": "ar"}) == TipForm(
        words="w",
        path=Path.KNOWN,
        urgency=Urgency.NOW,
        child=Child.UNSURE,
        answer_welcome=False,
        place="p",
        when="d",
        reach="r",
        names=Names(name="Kim", hours="noon", mask="the gym", voice="no", tongue="ar"),
        facts={"region": ("ca-nu",)},
        identity=Identity.CONFIDENTIAL,
        consents=frozenset({Consent.CONTACT, Consent.SERVICE}),
    )


def test_ticks_are_read_as_a_browser_posts_them() -> None:
    read_form = read(Form([("words", "w"), ("ok", "3"), ("ok", "1"), ("ok", "3"), ("ok", "9")]))
    assert isinstance(read_form, TipForm)
    assert read_form.consents == {Consent.CONTACT, Consent.IDENTITY}


def test_nothing_is_agreed_to_that_was_not_ticked() -> None:
    read_form = read({"words": "w"})
    assert isinstance(read_form, TipForm)
    assert (read_form.consents, read_form.identity) == (frozenset(), None)


@pytest.mark.parametrize("ask", TAPPED, ids=by_name)
@pytest.mark.parametrize("value", ["9999", "share_ok", "ca-zz", "01", "-1", "1\x00"])
def test_a_choice_that_is_not_on_the_page_counts_as_skipped(ask: Ask, value: str) -> None:
    assert read({"words": "w", ask.name: value}) == TipForm(words="w")


@pytest.mark.parametrize("ask", TYPED, ids=by_name)
def test_too_long_is_told_at_its_field(ask: Ask) -> None:
    typed = {"words": "w", ask.name: "x" * (ask.bound + 1)}
    assert read(typed) == (Mend(ask.name, "note.error.too_long"),)
    assert isinstance(read({"words": "w", ask.name: "x" * ask.bound}), TipForm)


@pytest.mark.parametrize("ask", MORE_TYPED, ids=by_name)
def test_too_long_a_detail_is_told_at_its_field(ask: Ask) -> None:
    assert read_more({ask.name: "x" * (ask.bound + 1)}) == (Mend(ask.name, "note.error.too_long"),)
    assert read_more({ask.name: " x "}) == {ask.fact: ("x",)}


@pytest.mark.parametrize("ask", [ask for ask in MORE if not ask.is_typed], ids=by_name)
def test_each_answer_of_a_detail_is_kept_as_its_word(ask: Ask) -> None:
    for value, word in ask.values.items():
        assert read_more({ask.name: value}) == {ask.fact: (word,)}
    everything = read_more({ask.name: " ".join(ask.values)})
    assert everything == {ask.fact: ask.choices if ask.how is How.MANY else ask.choices[:1]}


@pytest.mark.parametrize("digits", ["٤٥٦", "४५६", "۴۵۶", "４５６"])
def test_numbers_in_local_digits_are_read(digits: str) -> None:
    assert read_more({"plate": f"ABC {digits}", "line": digits, "spot": f"{digits} Mill Road"}) == {
        "address": ("456 Mill Road",),
        "suspected_handle": ("456",),
        "plate": ("ABC 456",),
    }
    form = read({"words": digits, "reach": f"+{digits}"})
    assert isinstance(form, TipForm)
    assert (form.words, form.reach) == (digits, "+456"), "what she tells stays as she wrote it"


def test_line_ends_become_one_kind_and_controls_go() -> None:
    assert read({"words": " a\r\nb\rc\x07 "}) == TipForm(words="a\nb\nc")


def test_joiners_and_direction_marks_stay() -> None:
    assert read({"words": "می‌خواهم ‏"}) == TipForm(words="می‌خواهم ‏")


def test_markup_is_kept_as_words() -> None:
    assert read({"words": "<b>5 < 6</b>"}) == TipForm(words="<b>5 < 6</b>")


NAMES = [ask.name for ask in (*NOTE, *MORE)]


@given(st.dictionaries(st.sampled_from([*NAMES, "other", "status"]), st.text(max_size=300)))
def test_reading_never_breaks_whatever_is_typed(typed: dict[str, str]) -> None:
    form, more = read(typed), read_more(typed)
    assert isinstance(form, TipForm | tuple)
    if isinstance(form, TipForm):
        assert form.facts.keys() <= FACTS.keys()
    if isinstance(more, dict):
        assert more.keys() <= FACTS.keys()
        assert all(
            word in FACTS[fact].choices for fact in more if (c := FACTS[fact].choices) and c for word in more[fact]
        )
    for sheet in (NOTE, MORE):
        assert kept_typing(typed, sheet).keys() <= {ask.name for ask in sheet} & typed.keys()


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=8) | st.sampled_from(["1", "2", "3", "ca-on"]))))
def test_what_a_page_shows_again_reads_the_same(pairs: list[tuple[str, str]]) -> None:
    form = Form([("words", "w"), *pairs])
    assert read(kept_typing(form)) == read(form)
    assert read_more(kept_typing(form, MORE)) == read_more(form)


def test_too_much_is_kept_so_that_it_can_be_shortened() -> None:
    typed = "x" * (ADDITION_LIMIT + 500)
    assert kept_typing({"words": typed})["words"] == typed


def test_a_form_does_not_print_its_words() -> None:
    canaries = {ask.name: "CANARY" for ask in NOTE if ask.is_typed}
    assert "CANARY" not in repr(read(canaries))
    assert "CANARY" not in repr(Facts(NOON, {"plate": ("CANARY",)})) + repr(Names("CANARY"))


def test_an_addition_needs_words() -> None:
    assert read_addition("  ") == Mend("words", "note.error.words_missing")
    assert read_addition("x" * (ADDITION_LIMIT + 1)) == Mend("words", "note.error.too_long")
    assert read_addition(" more ") == "more"


@pytest.mark.parametrize("letter", ["x", "ع", "字", "🙏", '"', "\n", "\\"])
def test_the_longest_form_fits_into_the_largest_seal(letter: str) -> None:
    def full(ask: Ask) -> tuple[str, ...]:
        return (letter * ask.bound,) if ask.is_typed else ask.choices

    bounds = {ask.name: letter * ask.bound for ask in TYPED}
    words = Words(Kind.TOLD, bounds["words"], NOON, place=bounds["place"], when=bounds["day"])
    facts = Facts(NOON, {ask.fact: full(ask) for ask in FACTS.values()})
    names = msgspec.convert({ask.fact: "".join(full(ask)[:1]) for ask in NOTE if ask.home is Home.NAMES}, Names)
    for part in (words, facts, names):
        assert len(encode(part)) <= longest(RECORD_STEPS)


def test_the_longest_form_fits_into_a_post() -> None:
    from tips.pages.reporter import FORM_LIMIT

    for sheet in (NOTE, MORE):
        pairs = [(ask.name, "🙏" * ask.bound) for ask in sheet if ask.is_typed]
        pairs += [(ask.name, value) for ask in sheet if not ask.is_typed for value in ask.values]
        assert len(urlencode(pairs)) < FORM_LIMIT
        assert len(pairs) < 150, "a form of ours takes 200 fields"


def test_four_questions_and_the_path_stand_in_view_and_each_is_asked_once() -> None:
    assert [ask.name for ask in asked(NOTE, Fold.VIEW)] == ["words", "about", "place", "soon", "day", "young"]
    for sheet in (NOTE, MORE):
        assert len({ask.name for ask in sheet}) == len(sheet)
    facts = {ask.fact for ask in NOTE if ask.home is Home.FACTS and ask not in LOST}
    assert facts < {ask.fact for ask in MORE}, "what may be told with the words may be told after them"


def test_each_path_is_asked_what_it_can_know() -> None:
    assert "looks" not in {ask.name for ask in asked(MORE, Fold.THEM, Path.SELF)}
    assert "needs" not in {ask.name for ask in asked(MORE, Fold.THEM, Path.SAW)}
    assert "tie" in {ask.name for ask in asked(MORE, Fold.LAST, Path.KNOWN)}
    assert asked(MORE, Fold.LAST) == asked(MORE, Fold.LAST, Path.KNOWN)


def test_a_name_in_the_source_of_the_page_tells_nothing() -> None:
    telling = ("police", "victim", "suspect", "traffick", "child", "abuse", "consent", "identity", "sex")
    assert not [name for name in NAMES for word in telling if word in name]


def test_what_is_not_asked_is_not_asked() -> None:
    never = ("status", "birth", "passport", "visa", "permit", "card", "payment", "account")
    assert not [ask.name for ask in (*NOTE, *MORE) for word in never if word in ask.fact or word in ask.name]


def test_a_talk_that_becomes_a_tip_agrees_to_nothing() -> None:
    from i18n.languages import LANGUAGES

    (form,) = from_talk(WordsLeft(LANGUAGES["fr"], ("Help.",), "once", safe="now", about="self", region="Iqaluit"))
    assert form == TipForm("Help.", Path.SELF, Urgency.NOW, answer_welcome=True, place="Iqaluit")
