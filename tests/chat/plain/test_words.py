"""The frame of words as it grows: told at once and in order, in steps of size, within bounds, silent after the end."""

from __future__ import annotations

import asyncio
import functools
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

import chat.plain.stream
import chat.routes
from chat.plain.door import ENDED_FOR
from chat.plain.stream import LASTS_S
from chat.plain.words import SHOWN, WordsFrame
from chat.protocol.codec import STEPS
from chat.seats import OF_ONE
from chat.store import keys
from chat.visits import Visits
from portal.store.passes import LASTS
from tests.chat.plain.conftest import Growing, PlainPhone
from tests.chat.sockets.conftest import Process
from tests.support.html import Document


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams whose planned end comes after a second."""
    assert WordsFrame.__init__.__kwdefaults__ == {"lasts_s": LASTS_S}
    monkeypatch.setattr(WordsFrame.__init__, "__kwdefaults__", {"lasts_s": 1.0})


async def test_it_begins_with_how_everything_stands_and_grows_with_every_word(phone: PlainPhone) -> None:
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        assert frame.answer.status_code == 203
        assert frame.answer.headers["x-accel-buffering"] == "no"
        assert frame.answer.headers["cache-control"] == "no-store"
        await phone.sends(words="hers, one")
        await frame.shows("hers, one")
        desk = await phone.is_taken()
        await frame.shows("You are writing with")
        for number in range(3):
            await phone.is_told(desk, f"theirs {number}")
        await frame.shows("theirs 2")

        assert frame.words == ["hers, one", "theirs 0", "theirs 1", "theirs 2"]
        assert not frame.is_whole


async def test_after_a_while_she_is_asked_whether_to_wait_to_call_or_to_leave_a_note(phone: PlainPhone) -> None:
    """C5: the words go with the form, so nothing is typed twice."""
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        assert "as a note" not in frame.text
    phone.house.clock.advance(timedelta(minutes=phone.process.services.settings.choice_minutes))
    async with phone.listens() as frame:
        await frame.shows("Leave my words as a note")
        assert "The call shows in the phone" in frame.text
        form = Document(frame.text).form(action="/talk/note")
        assert form.fields["t"] == phone.token
        assert 'target="_top"' in frame.text


async def test_its_pieces_have_few_sizes(phone: PlainPhone) -> None:
    """Requirement 40 of docs/safety.md. Pieces may arrive together; their sum is made of steps all the same."""
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        for size in (1, 7, 300):
            await phone.sends(words="x" * size)
            await frame.shows("x" * size)

        assert all(len(chunk) % STEPS[0] == 0 for chunk in frame.chunks), [len(chunk) for chunk in frame.chunks]


@pytest.mark.usefixtures("short")
async def test_while_nobody_says_anything_it_shows_that_she_is_here_and_costs_a_few_bytes(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget of an idle talk, `docs/old-and-slow.md`: every byte here is paid again each minute."""
    monkeypatch.setattr(chat.plain.stream, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(chat.plain.stream, "HERE_EVERY_S", 0.2)
    await phone.starts()
    talk = await phone.talk()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        told = len(b"".join(frame.chunks))
        phone.house.clock.advance(timedelta(seconds=15))
        await frame.ends()

    idle = b"".join(frame.chunks)[told:]
    assert idle.count(b"<!---->") >= 3
    assert idle.endswith(b"</html>")
    assert len(idle) < 100
    assert await phone.house.relay.desk.last_seen([talk.id]) == [phone.house.relay.now_ms()]


def test_every_address_dies_within_the_two_minutes_the_page_about_leaving_names() -> None:
    """And for as long as the last one of them lives, a frame that asks after the end is told that it is over."""
    longest = LASTS + timedelta(seconds=LASTS_S)

    assert longest <= timedelta(minutes=2)
    assert longest == ENDED_FOR


@pytest.mark.usefixtures("short")
async def test_it_ends_by_plan_and_leads_on_and_nobody_sees_a_break(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    async with phone.listens() as frame:
        await frame.ends()
    facts = await phone.house.relay.talks.facts((await phone.talk()).id)
    assert facts is not None
    assert facts.lost_ms is None
    async with phone.listens(frame.onward) as next_frame:
        await next_frame.shows("hello")
        assert next_frame.words == ["hello"]


async def test_a_phone_that_hangs_up_is_gone_for_the_desk(phone: PlainPhone) -> None:
    await phone.starts()
    talk = await phone.talk()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
    async with asyncio.timeout(5):
        while not (facts := await phone.house.relay.talks.facts(talk.id)) or facts.lost_ms is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_desk_is_told_that_she_is_here_without_script(phone: PlainPhone) -> None:
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        talk = await phone.talk()

        assert (await phone.house.relay.answers(talk)).way == "plain"
        facts = await phone.house.relay.talks.facts(talk.id)
        assert facts is not None
        # That her page listens is no word of hers: nobody is offered who has said nothing.
        assert not facts.has_spoken
        assert (await phone.house.relay.desk.first())[1] == 0


async def test_a_third_stream_of_one_talk_ends_the_first_and_its_page_asks_no_more(phone: PlainPhone) -> None:
    """Else the three would take the seat from each other for ever."""
    await phone.starts()
    async with AsyncExitStack() as stack:
        frames: list[Growing] = []
        for _ in range(OF_ONE + 1):
            frames.append(await stack.enter_async_context(phone.listens()))
            await frames[-1].shows("You are next.")
        await frames[0].ends()
        assert "Tap Show new words" in (await phone.opens(frames[0].onward)).words
        await phone.sends(words="hello")
        for frame in frames[1:]:
            await frame.shows("hello")
            assert not frame.is_whole


async def test_an_advocates_end_takes_the_words_away_and_says_so(phone: PlainPhone) -> None:
    """Requirement P21 of docs/safety.md."""
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    async with phone.listens() as frame:
        await frame.shows("hello")
        await phone.house.relay.close(desk)
        await frame.ends()
    page = await phone.opens(frame.onward)

    assert "The chat has ended." in page.words
    assert "hello" not in page.words


async def test_after_an_exit_the_next_frame_tells_nothing(phone: PlainPhone) -> None:
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        await phone.house.relay.leave(await phone.talk(), "exit")
        await frame.ends()

    assert (await phone.opens(frame.onward)).words == ""


async def test_a_long_talk_is_shown_from_its_newest_and_whole_at_a_tap(phone: PlainPhone) -> None:
    await phone.starts()
    talk = await phone.talk()
    for number in range(SHOWN + 5):
        await phone.house.relay.visitor_says(talk, f"words {number}", number.to_bytes(16, "big"), 0)
    async with phone.listens() as frame:
        await frame.shows(f"words {SHOWN + 4}")
        assert frame.words == [f"words {number}" for number in range(5, SHOWN + 5)]
        assert "Show earlier words" in frame.text
    opened = await phone.posts("/en/talk/words", {"t": phone.token, "all": "1"})
    async with phone.listens(opened.headers["location"]) as frame:
        await frame.ends()
        assert frame.words == [f"words {number}" for number in range(SHOWN + 5)]
        assert len(b"".join(frame.chunks)) in STEPS


async def test_what_is_written_is_text_and_never_markup(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    async with phone.listens() as frame:
        await phone.is_told(desk, '5 < 6 & "so on" -->')
        await frame.shows("so on")
        raw = b"".join(frame.chunks).decode()

    assert "5 &lt; 6 &amp;" in raw
    assert "--&gt;" in raw


class TestWithoutASeat:
    """One process whose only seat is taken."""

    @pytest.fixture(autouse=True)
    def one_seat(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            chat.routes, "Visits", functools.partial(Visits, most={"unspoken": 0, "waiting": 1, "open": 0})
        )

    async def test_a_page_shows_what_is_there_and_asks_again(
        self, phone: PlainPhone, processes: tuple[Process, Process]
    ) -> None:
        await phone.starts()
        await phone.sends(words="hello")
        async with phone.listens() as first, phone.listens() as second:
            await first.shows("hello")
            await second.ends()
            assert second.words == ["hello"]
            assert "New words take a moment" in second.text
            assert 'content="15;url=' in second.text
        assert processes[0] is phone.process


async def test_a_server_that_stops_waits_for_no_stream(phone: PlainPhone) -> None:
    await phone.starts()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        phone.process.server.should_exit = True
        await frame.ends(within=4)
        assert frame.is_cut


async def test_a_stream_names_no_key_of_staff(phone: PlainPhone) -> None:
    await phone.starts()
    talk = await phone.talk()
    async with phone.listens() as frame:
        await frame.shows("You are next.")
        heard = set(phone.process.services.channels._listeners)

    assert keys.talk_channel(talk.id) in heard
    assert keys.staff_channel(talk.id) not in heard
