"""Every sealed format with fixed keys: how it is made, how it is opened, and everything that must be right for that.

A golden file is never written anew: it stands for bytes in somebody's database. `write_golden` writes missing ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.vault import (
    bundles,
    comebacks,
    compartments,
    conversations,
    covers,
    keyfiles,
    sealing,
    sessions,
    targets,
    tips,
)
from portal.vault.statements import Grant, Head, Ledger, Statement
from tests.portal.vault.a_format import Format
from tests.portal.vault.chain import CHAIN, ROOT_PUBLIC
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public
from tests.portal.vault.formats_of_files import FILES
from tests.portal.vault.formats_of_records import RECORDS

KEY, OTHER = fixed_key("one"), fixed_key("other")
PRIVATE, PUBLIC = fixed_key("private"), fixed_public("private")
ID, OTHER_ID = fixed_id("one"), fixed_id("other")
TALK = conversations.ConversationKeys(fixed_key("talk"), fixed_key("staff"))
TIP = tips.TipKeys(fixed_key("words"), fixed_key("names"))
RECEIPT = tips.ReceiptKeys(fixed_id("find"), fixed_key("receipt lock"))
HEAD = Head(7, fixed_key("head"))
BUNDLE = bundles.Bundle(fixed_key("seed"), fixed_key("root"), HEAD)
SESSION = sessions.SessionKeys(ID, 3, {"chat": {1: fixed_key("chat 1"), 2: fixed_key("chat 2")}, "tips": {1: OTHER}})
HOLDER_PRIVATE, HOLDER_PUBLIC = fixed_key("holder"), fixed_public("holder")
PEPPERS = {1: fixed_key("pepper 1"), 2: fixed_key("pepper 2")}
WORDS = "He has my passport. مساعدة".encode()


def _head(**changed: object) -> conversations.MessageHead:
    parts = {
        "conversation": ID, "role": "visitor", "author": b"", "key": fixed_id("key"), "kind": "words", "after": 4,
    } | changed  # fmt: skip
    return conversations.MessageHead(**parts)  # type: ignore[arg-type]  # a table of parts, each of its own type


WRONG_HEADS = {
    "conversation": OTHER_ID, "role": "advocate", "author": ID, "key": OTHER_ID, "kind": "joined", "after": 5,
}  # fmt: skip


def _read_box(sealed: bytes, key: bytes = KEY, purpose: str = "one", aad: tuple[bytes, ...] = (b"a", b"bc")) -> bytes:
    return sealing.open_box(key, purpose, sealed, *aad)


def _read_lock(sealed: bytes, key: bytes = KEY, purpose: str = "one", aad: tuple[bytes, ...] = (b"a", b"bc")) -> bytes:
    return sealing.open_lock(key, purpose, sealed, *aad)


def _read_seal(sealed: bytes, key: bytes = PRIVATE, info: tuple[bytes, ...] = (b"a", b"bc")) -> tuple[int, bytes]:
    return sealing.seal_version(sealed), sealing.open_seal(key, sealed, *info)


def _read_staff_copy(
    sealed: bytes, ember: bytes = KEY, privates: Mapping[int, bytes] = {2: PRIVATE}, conversation: bytes = ID
) -> conversations.ConversationKeys:
    return conversations.open_staff_copy(sealed, ember, privates, conversation)


def _read_message(sealed: bytes, talk: bytes = TALK.talk, **head: object) -> bytes:
    return conversations.open_message(talk, _head(**head), sealed)


def _read_note(sealed: bytes, staff: bytes = TALK.staff, **head: object) -> bytes:
    return conversations.open_note(staff, _head(**head), sealed)


def _read_words(sealed: bytes, key: bytes = KEY, tip: bytes = ID, part: str = "told", revision: int = 1) -> bytes:
    return tips.open_words(key, tip, part, revision, sealed)


def _read_names(sealed: bytes, key: bytes = KEY, tip: bytes = ID, part: str = "told", revision: int = 1) -> bytes:
    return tips.open_names(key, tip, part, revision, sealed)


def _read_grant(
    sealed: bytes,
    key: bytes = HOLDER_PRIVATE,
    holder: bytes = ID,
    compartment: str = "chat",
    version: int = 2,
    statement: int = 9,
    public: bytes = PUBLIC,
) -> bytes:
    return compartments.open_grant(key, sealed, holder, Grant(compartment, version, statement, public))


def _read_session(sealed: bytes, ember: bytes = KEY, token: bytes = OTHER, staff: bytes = ID) -> sessions.SessionKeys:
    return sessions.open_session(ember, token, staff, sealed)


def _read_target(
    sealed: bytes, pepper: bytes = KEY, row: bytes = ID, person: bytes = OTHER_ID, way: str = "mail"
) -> str:
    return targets.open_target(pepper, row, person, way, sealed)


def _read_line(sealed: bytes, before: int = len(CHAIN) - 1, root: bytes = ROOT_PUBLIC) -> int:
    return _ledger_of(before, root).follow(Statement.from_row(sealed)).head


@cache
def _ledger_of(lines: int, root: bytes) -> Ledger:
    return Ledger.verify(CHAIN[:lines], root)


def _tip_copies() -> tips.StaffCopies:
    return tips.staff_copies(
        TIP, ID, tips_public=PUBLIC, tips_version=2, names_public=HOLDER_PUBLIC, names_version=1, pepper=PEPPERS[2]
    )


AUTHENTICATED = (
    Format(
        "box",
        lambda: sealing.seal_box(KEY, "one", WORDS, b"a", b"bc"),
        _read_box,
        WORDS,
        {"key": OTHER, "purpose": "two", "aad": (b"ab", b"c")},
    ),
    Format(
        "lock",
        lambda: sealing.lock(KEY, "one", WORDS, b"a", b"bc"),
        _read_lock,
        WORDS,
        {"key": OTHER, "purpose": "two", "aad": (b"ab", b"c")},
    ),
    Format(
        "seal",
        lambda: sealing.seal_to(PUBLIC, 2, WORDS, b"a", b"bc"),
        _read_seal,
        (2, WORDS),
        {"key": OTHER, "info": (b"ab", b"c")},
    ),
    Format(
        "staff-copy",
        lambda: conversations.staff_copy(TALK, KEY, PUBLIC, 2, ID),
        _read_staff_copy,
        TALK,
        {"ember": OTHER, "privates": {2: OTHER}, "conversation": OTHER_ID},
    ),
    Format(
        "visitor-copy",
        lambda: conversations.visitor_copy(TALK.talk, KEY),
        lambda sealed, token=KEY: conversations.open_visitor_copy(sealed, token),
        TALK.talk,
        {"token": OTHER},
    ),
    Format(
        "comeback",
        lambda: comebacks.comeback_box(KEY, "31415926535810", TALK.talk, ID),
        lambda sealed, key=KEY, code="31415926535810": comebacks.open_comeback(key, code, sealed),
        comebacks.Opened(ID, TALK.talk),
        {"key": OTHER, "code": "00000000000001"},
    ),
    Format(
        "cover",
        lambda: covers.cover_box(KEY, OTHER),
        lambda sealed, name=KEY: covers.open_cover(name, sealed),
        OTHER,
        {"name": OTHER},
    ),
    Format(
        "message",
        lambda: conversations.seal_message(TALK.talk, _head(), WORDS),
        _read_message,
        WORDS,
        {"talk": TALK.staff} | WRONG_HEADS,
    ),
    Format(
        "note",
        lambda: conversations.seal_note(TALK.staff, _head(), WORDS),
        _read_note,
        WORDS,
        {"staff": TALK.talk} | WRONG_HEADS,
    ),
    Format(
        "card",
        lambda: conversations.seal_card(TALK.talk, ID, WORDS),
        lambda sealed, talk=TALK.talk, conversation=ID: conversations.open_card(talk, conversation, sealed),
        WORDS,
        {"talk": TALK.staff, "conversation": OTHER_ID},
    ),
    Format(
        "tip-words-key",
        lambda: _tip_copies().words,
        lambda sealed, privates={2: PRIVATE}, tip=ID, peppers=(PEPPERS[1], PEPPERS[2]): tips.open_words_key(
            sealed, privates, tip, peppers
        ),
        TIP.words,
        {"privates": {2: OTHER}, "tip": OTHER_ID, "peppers": (PEPPERS[1],)},
    ),
    Format(
        "tip-names-key",
        lambda: _tip_copies().names,
        lambda sealed, privates={1: HOLDER_PRIVATE}, tip=ID, peppers=(PEPPERS[1], PEPPERS[2]): tips.open_names_key(
            sealed, privates, tip, peppers
        ),
        TIP.names,
        {"privates": {1: OTHER}, "tip": OTHER_ID, "peppers": ()},
    ),
    Format(
        "receipt-copy",
        lambda: tips.receipt_copy(TIP, ID, RECEIPT),
        lambda sealed, find=RECEIPT.find, lock=RECEIPT.lock: tips.open_receipt_copy(
            sealed, tips.ReceiptKeys(find, lock)
        ),
        (ID, TIP),
        {"find": OTHER_ID, "lock": OTHER},
    ),
    Format(
        "tip-words",
        lambda: tips.seal_words(KEY, ID, "told", 1, WORDS),
        _read_words,
        WORDS,
        {"key": OTHER, "tip": OTHER_ID, "part": "reply", "revision": 2},
    ),
    Format(
        "tip-names",
        lambda: tips.seal_names(KEY, ID, "told", 1, WORDS),
        _read_names,
        WORDS,
        {"key": OTHER, "tip": OTHER_ID, "part": "reply", "revision": 2},
    ),
    Format(
        "grant",
        lambda: compartments.grant(PRIVATE, HOLDER_PUBLIC, compartment="chat", version=2, holder=ID, statement=9),
        _read_grant,
        PRIVATE,
        {
            "key": OTHER,
            "holder": OTHER_ID,
            "compartment": "tips",
            "version": 1,
            "statement": 8,
            "public": HOLDER_PUBLIC,
        },
    ),
    Format(
        "bundle",
        lambda: bundles.lock_bundle(KEY, ID, BUNDLE),
        lambda sealed, key=KEY, staff=ID: bundles.open_bundle(key, staff, sealed),
        BUNDLE,
        {"key": OTHER, "staff": OTHER_ID},
    ),
    Format(
        "session",
        lambda: sessions.session_box(KEY, OTHER, SESSION),
        _read_session,
        SESSION,
        {"ember": OTHER, "token": KEY, "staff": OTHER_ID},
    ),
    Format(
        "alert-target",
        lambda: targets.seal_target(KEY, ID, OTHER_ID, "mail", "robin@lantern.example"),
        _read_target,
        "robin@lantern.example",
        {"pepper": OTHER, "row": OTHER_ID, "person": ID, "way": "command"},
    ),
    Format(
        "recovery-box",
        lambda: keyfiles.seal_peppers(PEPPERS, PUBLIC),
        lambda sealed, private=PRIVATE: keyfiles.open_peppers(sealed, private),
        PEPPERS,
        {"private": OTHER},
    ),
    Format(
        "statement",
        lambda: CHAIN[-1].to_row(),
        _read_line,
        len(CHAIN),
        {"before": len(CHAIN) - 2, "root": fixed_public("another root")},
    ),
    *RECORDS,
    *FILES,
)
"""Formats in which a change of any bit must be noticed."""

PLAIN = (
    Format("pepper", lambda: keyfiles.encode_peppers(PEPPERS), keyfiles.decode_peppers, PEPPERS),
    Format("head", lambda: keyfiles.encode_head(HEAD), keyfiles.decode_head, HEAD),
    Format("root-pub", lambda: keyfiles.encode_root(PUBLIC), keyfiles.decode_root, PUBLIC),
)
"""Files kept outside the database, guarded by who may read and write them; their shape is checked."""

ALL = AUTHENTICATED + PLAIN
