"""Names every reason for which something asked of the chat is not done."""

from typing import ClassVar

from chat.protocol.kinds import Reason
from portal.errors import PorchlightError


class Refusal(PorchlightError):
    """Something was asked and not done; `reason` is the word the line answers with."""

    reason: ClassVar[Reason]
    status: ClassVar[int] = 409


class ConversationOver(Refusal):
    """The conversation has ended and takes no more words."""

    phrase = "refused.closed"
    reason = "closed"
    status = 410


class NothingSaid(Refusal):
    """The message holds nothing but blanks."""

    phrase = "refused.empty"
    reason = "empty"
    status = 400


class TooMuchSaid(Refusal):
    """The message is longer than a message may be."""

    phrase = "refused.too_long"
    reason = "too_long"
    status = 413


class NotThisDesk(Refusal):
    """No such conversation, or another desk's: one answer, so that nobody learns which."""

    phrase = "refused.not_there"
    reason = "not_there"
    status = 404


class TakenBefore(Refusal):
    """Another advocate was first; `by` is her staff id."""

    phrase = "refused.taken"
    reason = "taken"

    def __init__(self, by: bytes) -> None:
        super().__init__()
        self.by = by


class HandsFull(Refusal):
    """This advocate holds as many conversations as she has places."""

    phrase = "refused.full"
    reason = "full"


class PageNotSeen(Refusal):
    """The visitor's page has not been seen for a while; she keeps her place, but nobody would answer."""

    phrase = "refused.line_lost"
    reason = "line_lost"


class NotReady(Refusal):
    """An advocate who takes no new conversations asked for one."""

    phrase = "refused.not_ready"
    reason = "not_ready"


class NotTrained(Refusal):
    """Somebody takes conversations who was not signed off for it yet."""

    phrase = "refused.not_trained"
    reason = "not_trained"


class LastOne(Refusal):
    """Nobody else takes conversations: she is asked whether she knows."""

    phrase = "refused.last_one"
    reason = "last_one"


class HoldsSomebody(Refusal):
    """She goes home with somebody in her hands: she is asked whether she knows."""

    phrase = "refused.holding"
    reason = "holding"


class TooLate(Refusal):
    """Words may be taken back for a few seconds, by the line that took them."""

    phrase = "refused.too_late"
    reason = "too_late"


class OlderWaits(Refusal):
    """Somebody stands before this one in line; whoever passes her over says why."""

    phrase = "refused.older_waits"
    reason = "older_waits"


class KeptForSpeakers(Refusal):
    """For a few seconds it is for those who speak her language; then it is for everybody."""

    phrase = "refused.for_speakers"
    reason = "for_speakers"


class MayBeSomebodyElse(Refusal):
    """Words that tell that somebody wrote, while somebody else may be reading them."""

    phrase = "refused.may_be_other"
    reason = "may_be_other"


class HeldOff(Refusal):
    """The conversation is stopped for some hours; phone and note stay open."""

    phrase = "refused.held_off"
    reason = "held_off"


class WarnFirst(Refusal):
    """Nobody is held off who was not warned in her language, and went on."""

    phrase = "refused.warn_first"
    reason = "warn_first"


class LimitsFirst(Refusal):
    """A question whose answer binds us was asked before she heard what it would change."""

    phrase = "refused.limits_first"
    reason = "limits_first"
