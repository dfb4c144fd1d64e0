"""What hands a session a key that is younger than it: the session's signed line, and the sealed key."""

from __future__ import annotations

from portal.vault import late_keys
from portal.vault.sealing import public_of
from tests.portal.vault.a_format import Format
from tests.portal.vault.chain import ANA, AS_ANA, keys_of
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public

SESSION, OTHER = fixed_key("a session"), fixed_key("another session")
PAIR = late_keys.late_private(fixed_key("ember"), fixed_key("token"))


def _read_line(
    line: bytes,
    sign_public: bytes = keys_of("ana").sign_public,
    staff: bytes = ANA,
    session: bytes = SESSION,
    generation: int = 3,
) -> bytes:
    return late_keys.read_late_line(line, sign_public, staff, session, generation)


def _read_key(
    sealed: bytes,
    private: bytes = PAIR,
    granted: bytes = fixed_public("tips 2"),
    compartment: str = "tips",
    version: int = 2,
    staff: bytes = ANA,
    session: bytes = SESSION,
) -> bytes:
    return late_keys.open_late(private, sealed, granted, compartment, version, staff, session)


KEYS = (
    Format(
        "late-line",
        lambda: late_keys.late_line(PAIR, AS_ANA, SESSION, 3),
        _read_line,
        public_of(PAIR),
        {
            "sign_public": keys_of("bo").sign_public,
            "staff": fixed_id("other"),
            "session": OTHER,
            "generation": 4,
        },
    ),
    Format(
        "late-key",
        lambda: late_keys.seal_late(public_of(PAIR), fixed_key("tips 2"), "tips", 2, ANA, SESSION),
        _read_key,
        fixed_key("tips 2"),
        {
            "private": OTHER,
            "granted": fixed_public("tips 1"),
            "compartment": "names",
            "version": 1,
            "staff": fixed_id("other"),
            "session": OTHER,
        },
    ),
)
