"""Does what a visitor's page says and answers with a fact, whichever way the page speaks."""

from chat.card import UnknownChoice
from chat.comeback import Comebacks
from chat.conversation import VisitorTalk
from chat.cover import Covers
from chat.errands import Errands
from chat.hands import Hands
from chat.protocol import coming_back, server, visitor
from chat.protocol.codec import Malformed
from chat.refusals import Refusal
from chat.relay import Relay
from chat.staying import stay
from portal.errors import Away
from portal.ids import from_text

Act = (
    visitor.Say
    | visitor.Answer
    | visitor.Tap
    | visitor.AskComeback
    | visitor.Cover
    | visitor.Uncover
    | visitor.Stay
    | visitor.Leave
)
Answered = (
    server.MessageAccepted
    | server.AnswerKept
    | coming_back.ComebackMade
    | coming_back.Covered
    | coming_back.Uncovered
    | server.Refused
)


class Said:
    """The acts of a visitor's page."""

    def __init__(self, relay: Relay, errands: Errands) -> None:
        self._relay = relay
        self._errands = errands
        self._comebacks = Comebacks(relay)
        self._hands = Hands(relay)
        self._covers = Covers(relay)

    async def answer(self, talk: VisitorTalk, act: Act, *, seen: int, is_held: bool = False) -> Answered | None:
        """Do it. None: she has left, and her side is destroyed. Raises Malformed for what no page of ours would say.

        `seen`: the last number that stood on her page when she wrote. `is_held`: an advocate has her.
        """
        key = "" if isinstance(act, visitor.Leave) else act.key
        try:
            match act:
                case visitor.Say():
                    said = self._relay.visitor_says(talk, act.text, _raw(key), seen)
                    # Held words are one command, kept or not whatever becomes of the line, and nobody is to be offered
                    # them: no errand. Should she wait again just now, whoever gave her back has offered her.
                    seq = await (said if is_held else self._errands.finish(said))
                    return server.MessageAccepted(key=key, seq=seq)
                case visitor.Answer():
                    given = self._relay.visitor_answers(talk, act.question, act.choice)
                    kept = await self._errands.finish(given)
                    return server.AnswerKept(key=key, question=act.question, choice=kept)
                case visitor.Tap():
                    tapped = self._hands.tap(talk, act.seq, act.choice, _raw(key), seen)
                    return server.MessageAccepted(key=key, seq=await self._errands.finish(tapped))
                case visitor.AskComeback():
                    made = await self._errands.finish(self._comebacks.make(talk))
                    return coming_back.ComebackMade(key=key, code=str(made.code), lasts_s=made.lasts_s)
                case visitor.Cover():
                    await self._errands.finish(self._covers.cover(talk, act.word))
                    return coming_back.Covered(key=key)
                case visitor.Uncover():
                    await self._errands.finish(self._covers.uncover(talk, act.word))
                    return coming_back.Uncovered(key=key)
                case visitor.Stay():
                    stayed = stay(self._relay, talk, _raw(key))
                    return server.MessageAccepted(key=key, seq=await self._errands.finish(stayed))
                case visitor.Leave():
                    await self._errands.finish(self._relay.leave(talk, act.how))
                    return None
        except UnknownChoice:
            raise Malformed from None
        except Refusal as refusal:
            return server.Refused(key=key, reason=refusal.reason)
        except Away:
            return server.Refused(key=key, reason="away")


def _raw(key: str) -> bytes:
    try:
        return from_text(key, 16)
    except ValueError:
        raise Malformed from None
