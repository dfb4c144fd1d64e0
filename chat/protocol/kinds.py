"""Names the small kinds of text a frame may hold, so that a wrong one is refused while it is read."""

from typing import Annotated, Final, Literal

import msgspec

# Every version that is spoken here, the newest first. A page offers those it speaks and is answered the newest of them;
# what a version adds a page says only where it was answered. `line.2`: Screen, Stay.
# `line.3`: Tap, Cover, Uncover, and of a desk Ask, StillHere, TakeDown, Withdraw. `line.4`, of a desk: MarkDanger,
# EndDanger, MayBeOther, AskKeep, HoldOff, and what is in handing.py. `line.5`, of a desk: Join, Tick, TickStep,
# AskGuest, SendAway, ComeIn, SayYes, CallHelp, `closes` of Shift, and its page understands Locked. `line.6`: a page
# that counts its own words by MessageAccepted alone. `line.7`, of a desk: TryWords. `line.8`, of a desk: Looked.
SUBPROTOCOLS: Final = ("line.8", "line.7", "line.6", "line.5", "line.4", "line.3", "line.2", "line.1")
SUBPROTOCOL: Final = SUBPROTOCOLS[0]

# 16 random bytes as base64url without padding: made by the client for what it asks, by the server for a conversation.
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$")]
ConversationId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$")]
# 32 random bytes as base64url without padding: the one thing that opens a conversation for its visitor.
Token = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]
CardName = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,20}$")]
StepName = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,20}$")]
ShortText = Annotated[str, msgspec.Meta(max_length=240)]  # a name or a few words, cut to NAME_LIMIT letters
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
# Room for a text over the limit: the refusal "too_long" tells her; a frame over 16 KiB closes the line instead.
Text = Annotated[str, msgspec.Meta(max_length=16_384)]
Pad = Annotated[str, msgspec.Meta(max_length=16_384)]

TEXT_LIMIT = 4_000  # characters; under it the largest frame (4 bytes a character, escapes included) still fits 16 KiB
NAME_LIMIT = 60  # characters
FRAME_LIMIT = 16 * 1024  # bytes

State = Literal["waiting", "talking", "ended"]
Author = Literal["visitor", "advocate", "system"]
Line = Literal["connected", "weak", "covered", "hidden", "gone", "left"]
Screen = Literal["shown", "hidden"]
How = Literal["end", "exit", "closed", "quiet", "gone"]
Door = Literal["open", "closed", "hours", "always"]
LeaveHow = Literal["end", "exit"]
Question = Literal["safe", "about", "cutoff", "phone", "reads", "name", "region", "spoken", "kin"]
# Where an advocate is in her shift. The first two take conversations, the second fewer of them.
Shift = Literal["ready", "on_call", "finishing", "wrap_up", "break", "off"]
# For how many minutes the last one out closes the chat; none: she leaves it as it is.
Lasts = Literal[0, 30, 60, 120, 240, 480, 720, 1440]
# Whether words that were taken back had stood on her screen. Empty: not known here.
WasShown = Literal["", "yes", "no", "perhaps"]
# Why somebody is taken before one who has waited longer. Empty: no reason is given yet, ask for one.
Why = Literal["", "language", "known", "danger", "other"]
# What kind of danger somebody is in, and how it ended as far as this house knows.
Danger = Literal["coming", "hurting", "medical", "child", "others"]
# Why somebody is held off, and for how many hours at most.
Boundary = Literal["sexual", "prank", "abuse"]
Hours = Literal[1, 4, 24]
# What a talk goes through, in the order in which it mostly does.
Stage = Literal["safety", "limits", "needs", "options", "plan", "consent", "closing"]
# What staff tick on the card.
Ticked = Stage | Literal["child"]
# What she said to a machine, for one direction. Empty: there is nothing to ask; `only`: no engine has this pair of
# languages; `asked`: no answer yet.
Agreed = Literal["", "only", "asked", "yes", "no"]
Outcome = Literal["passed", "she_called", "we_called", "reported", "impossible", "wished", "mistake"]
Reason = Literal[
    "away",
    "closed",
    "empty",
    "too_long",
    "not_there",
    "taken",
    "full",
    "line_lost",
    "not_ready",
    "not_trained",
    "too_late",
    "older_waits",
    "for_speakers",
    "last_one",
    "holding",
    "limits_first",
    "may_be_other",
    "held_off",
    "warn_first",
    "locked",
]


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What every frame is: a JSON object with its name in `type`, and `pad` to make its size tell nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Asked(Frame, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frame sent by a page; an unknown field makes it malformed, `pad` is read and dropped."""

    pad: Pad = ""
