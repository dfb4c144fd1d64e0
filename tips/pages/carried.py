"""What the pages of the tip room carry to each other under a pass, for sixty seconds, sealed."""

from typing import Final

import msgspec

NOTE: Final = "note"
BACK: Final = "back"
MORE: Final = "more"


class _Carried(msgspec.Struct, frozen=True, tag=True, array_like=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class FormAgain(_Carried, frozen=True, tag=True, array_like=True):
    """The form with everything typed still in it. `mends`: field and phrase pairs; `say`: a phrase, or nothing.

    `before` is the pass of the form that was sent back. It stays, for an answer may be lost on its way to her; an exit
    takes it along, and so does the next press. `wait`: after how many minutes to try again, or 0. `off`: she wants no
    copy of it kept while she writes. `guess`: the language her words look like, where that is to be said now;
    `is_hinted`: it was said before.
    """

    typed: dict[str, str]
    start: str
    mends: list[tuple[str, str]] = []
    say: str = ""
    before: str = ""
    wait: int = 0
    off: bool = False
    guess: str = ""
    is_hinted: bool = False


class Making(_Carried, frozen=True, tag=True, array_like=True):
    """A tip that is kept; its number is being made. Carries the filing."""

    filing: bytes


class Sent(_Carried, frozen=True, tag=True, array_like=True):
    """A tip that is kept and shows no number; `why` is the phrase that says so. Carries the filing.

    `may_add`: it was sent just now by somebody who wanted no number, so the page offers to add details.
    """

    filing: bytes
    why: str
    may_add: bool = False


class Compared(_Carried, frozen=True, tag=True, array_like=True):
    """One group of the number was typed back. Not the same: `token` and `which` ask once more, beside the number."""

    filing: bytes
    is_same: bool = False
    token: str = ""
    which: int = 0


class Asked(_Carried, frozen=True, array_like=True):
    """One group that is asked for: the token to answer with, and its place from 0."""

    token: str
    which: int


class BackAgain(_Carried, frozen=True, tag=True, array_like=True):
    """The page that asks for the number, with what was typed. `draft`: words that wait for the note to be opened.

    `asked` names all pages on which one number is typed anew or waits: they go together.
    """

    typed: str
    error: str
    count: int = 0
    draft: str = ""
    asked: str = ""


class Waiting(_Carried, frozen=True, tag=True, array_like=True):
    """A place in line before a number is tried; `asked` as before."""

    code: str
    draft: str = ""
    asked: str = ""


class ThreadPage(_Carried, frozen=True, tag=True, array_like=True):
    """The thread of a visit. `say`: a phrase, or nothing; `mends` and `typed` as in the form.

    `reach`: what was typed about how to reach her, where it could not be kept.
    """

    visit: str
    say: str = ""
    typed: str = ""
    mends: list[tuple[str, str]] = []
    reach: dict[str, str] | None = None


class AskErase(_Carried, frozen=True, tag=True, array_like=True):
    """The question before erasing."""

    visit: str


class AskWithdraw(_Carried, frozen=True, tag=True, array_like=True):
    """The question before one file is erased; `file`: its id as its page writes it."""

    visit: str
    file: str


class Erased(_Carried, frozen=True, tag=True, array_like=True):
    """That a tip is gone."""


class Details(_Carried, frozen=True, tag=True, array_like=True):
    """The page of details of a kept tip. `token`: of a visit, or one that may only add; the rest as in the form."""

    token: str
    typed: dict[str, str] = {}
    mends: list[tuple[str, str]] = []
    say: str = ""


NotePage = FormAgain | Making | Sent | Compared
BackPage = BackAgain | Waiting | ThreadPage | AskErase | AskWithdraw | Erased

_note: Final[msgspec.msgpack.Decoder[NotePage]] = msgspec.msgpack.Decoder(NotePage)
_more: Final[msgspec.msgpack.Decoder[Details]] = msgspec.msgpack.Decoder(Details)
_back: Final[msgspec.msgpack.Decoder[BackPage]] = msgspec.msgpack.Decoder(BackPage)


def encode(page: NotePage | BackPage | Details) -> bytes:
    """The bytes to put under a pass."""
    return msgspec.msgpack.encode(page)


def decode_note(carried: bytes) -> NotePage:
    """A page of the way in."""
    return _note.decode(carried)


def decode_back(carried: bytes) -> BackPage:
    """A page of the way back."""
    return _back.decode(carried)


def decode_more(carried: bytes) -> Details:
    """The page of details."""
    return _more.decode(carried)


def encode_asked(filing: bytes, which: int) -> bytes:
    """The bytes under the token of one group that is asked for."""
    return msgspec.msgpack.encode((filing, which))


def decode_asked(carried: bytes) -> tuple[bytes, int]:
    """The filing, and the place of the group."""
    return msgspec.msgpack.decode(carried, type=tuple[bytes, int])


def asking(asked: str) -> bytes:
    """The group of all pages on which one number was typed anew, or waited."""
    return b"note-back" + asked.encode()
