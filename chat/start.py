"""Begins a conversation: one press of Start, however often it arrives, is one, if the door is open then."""

from datetime import timedelta
from typing import ClassVar, Final

from chat.conversation import Facts
from chat.message import read_text
from chat.refusals import NothingSaid
from chat.relay import Relay
from portal.errors import PorchlightError
from portal.ids import random_id, random_key, to_text
from portal.services import Services
from portal.vault.conversations import find_visitor
from portal.vault.sealing import sub

SAME_FOR: Final = timedelta(seconds=60)
KEY_BYTES: Final = 16


class StartNotGood(PorchlightError):
    """The start token is none of ours, too old, or was spent before; the page offers a new one."""

    phrase: ClassVar[str] = "talk.start_again"
    status: ClassVar[int] = 409


class StartTooSoon(PorchlightError):
    """The token was spent faster than a hand can tap; the same token is good in a moment."""

    phrase: ClassVar[str] = "talk.start_wait"
    status: ClassVar[int] = 409


class NotOpenYet(PorchlightError):
    """The house has not opened its doors; nobody could read what is written."""

    phrase: ClassVar[str] = "talk.not_open"
    status: ClassVar[int] = 409


class ChatClosed(PorchlightError):
    """The house lets no chat begin at this hour; a page with the hours, the phone and a note is what helps now."""

    phrase: ClassVar[str] = "talk.shut"
    status: ClassVar[int] = 409


async def start_conversation(
    services: Services,
    start_token: str,
    language: str,
    *,
    words: str = "",
    note: str = "",
    apart: Relay | None = None,
) -> str:
    """Begin a conversation and answer its tab token, 43 base64url characters.

    Spent again within 60 seconds, and with nothing said yet but `words`, the same start token gives the same
    conversation: a double tap on a slow line starts one. `words` were typed before, and are the first thing said;
    `note` is the token of the note it begins from, if it does. `apart`: of a chat beside the chat, which has no doors.

    Whether the house lets a chat begin is looked at now, for a page may have lain open for hours. That all are busy, or
    that nobody takes chats, is said in line and refuses nobody. Raises NotOpenYet, ChatClosed, StartTooSoon,
    StartNotGood, TooMuchSaid, ValkeyAway.
    """
    if apart is None and not (await services.opening.facts()).is_open:
        raise NotOpenYet
    judged = services.start_tokens.judge(start_token)
    if judged == "young":
        raise StartTooSoon
    if judged != "fresh":
        raise StartNotGood
    words = _first_words(words)
    if apart is None and await services.start_tokens.spent_on(start_token) is None:
        doors = await services.doors.doors()
        if not doors.judge(language, services.clock.now()).is_open:
            raise ChatClosed
    relay = apart or Relay(services)
    now_ms = relay.now_ms()
    spent = await services.start_tokens.spend(start_token, now_ms.to_bytes(8, "big") + random_id() + random_key())
    begun_ms, conversation, half = int.from_bytes(spent[:8], "big"), spent[8:24], spent[24:]
    # Half of the tab token lies in memory, half in the page that was pressed: neither opens anything alone.
    token = sub(half, "tab-token", start_token)
    if now_ms - begun_ms > SAME_FOR.total_seconds() * 1000:
        raise StartNotGood
    first = sub(half, "first-words", start_token)[:KEY_BYTES]
    begun = b"begun:" + conversation
    facts = await relay.talks.facts(conversation)
    if facts is None:
        # Erased already: its token must not become the token of another conversation.
        if await services.embers.get(begun) is not None:
            raise StartNotGood
        await relay.open(conversation, token, language, await relay.leavings.behind.name(note))
        await relay.ending.slips.asked(conversation, language)
    elif facts.standing != "waiting" or (facts.has_spoken and not await _said_only(relay, conversation, facts, first)):
        raise StartNotGood
    elif find_visitor(token) not in (await relay.talks.ways_in(conversation))[:1]:
        # She came back to it by her number: that page holds it now, not this one.
        raise StartNotGood
    elif await relay.talks.visitor(find_visitor(token)) is None:
        await relay.open(conversation, token, language, await relay.leavings.behind.name(note))
    if note:
        await relay.leavings.behind.keep(token, note)
    await services.embers.put(begun, b"1", SAME_FOR)
    if words:
        await relay.visitor_says(await relay.access.conversation_for_visitor(token), words, first, 0)
    return to_text(token)


def _first_words(typed: str) -> str:
    try:
        return read_text(typed)
    except NothingSaid:
        return ""


async def _said_only(relay: Relay, conversation: bytes, facts: Facts, first: bytes) -> bool:
    """Whether nothing was said yet but the words that came along with this very press."""
    entry = await relay.talks.at(conversation, 1) if facts.seq == 1 else None
    return entry is not None and entry.key == first
