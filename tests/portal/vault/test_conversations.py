"""Who opens a conversation, and when nobody can."""

from __future__ import annotations

import pytest

from portal.vault import conversations
from portal.vault.conversations import ConversationKeys, MessageHead
from portal.vault.errors import KeyMissing, SealBroken, TooLong
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public

TOKEN, EMBER, CHAT = fixed_key("token"), fixed_key("ember"), fixed_key("chat")
TALK = fixed_id("talk")
HEAD = MessageHead(TALK, "advocate", fixed_id("ana"), fixed_id("key"), "words", 12)


def test_without_its_ember_a_staff_copy_opens_for_nobody() -> None:
    keys = ConversationKeys.new()
    copy = conversations.staff_copy(keys, EMBER, fixed_public("chat"), 1, TALK)
    assert conversations.open_staff_copy(copy, EMBER, {1: CHAT}, TALK) == keys
    with pytest.raises(SealBroken):
        conversations.open_staff_copy(copy, fixed_key("a new ember"), {1: CHAT}, TALK)


def test_without_a_grant_the_ember_opens_nothing() -> None:
    copy = conversations.staff_copy(ConversationKeys.new(), EMBER, fixed_public("chat"), 1, TALK)
    with pytest.raises(KeyMissing):
        conversations.open_staff_copy(copy, EMBER, {}, TALK)


def test_what_a_visitors_token_gives_opens_no_note() -> None:
    keys = ConversationKeys.new()
    note = conversations.seal_note(keys.staff, HEAD, b"call the supervisor")
    talk_key = conversations.open_visitor_copy(conversations.visitor_copy(keys.talk, TOKEN), TOKEN)
    for opens in (conversations.open_note, conversations.open_message):
        with pytest.raises(SealBroken):
            opens(talk_key, HEAD, note)
    assert conversations.open_note(keys.staff, HEAD, note) == b"call the supervisor"


def test_after_a_power_cut_the_words_open_and_the_notes_do_not() -> None:
    keys = ConversationKeys.new()
    words = conversations.seal_message(keys.talk, HEAD, b"I am here")
    note = conversations.seal_note(keys.staff, HEAD, b"a note")
    regrown = ConversationKeys.regrown(keys.talk)
    copy = conversations.staff_copy(regrown, fixed_key("a new ember"), fixed_public("chat"), 1, TALK)
    opened = conversations.open_staff_copy(copy, fixed_key("a new ember"), {1: CHAT}, TALK)
    assert conversations.open_message(opened.talk, HEAD, words) == b"I am here"
    with pytest.raises(SealBroken):
        conversations.open_note(opened.staff, HEAD, note)


def test_the_name_of_a_visitor_copy_is_not_its_key() -> None:
    name = conversations.find_visitor(TOKEN)
    assert len(name) == 32
    assert name != conversations.find_visitor(EMBER)
    copy = conversations.visitor_copy(fixed_key("talk"), TOKEN)
    with pytest.raises(SealBroken):
        conversations.open_visitor_copy(copy, name)


def test_a_message_has_one_of_seven_sizes() -> None:
    sizes = {len(conversations.seal_message(TOKEN, HEAD, bytes(length))) for length in range(0, 16381, 180)}
    assert sizes == {step + 30 for step in (256, 512, 1024, 2048, 4096, 8192, 16384)}
    with pytest.raises(TooLong):
        conversations.seal_message(TOKEN, HEAD, bytes(16381))
