"""Does what a desk says in a conversation it holds, and remembers for seconds what this line may take back."""

from collections.abc import Callable
from time import monotonic

from chat.boundaries import Boundaries
from chat.cards import Speech
from chat.errands import Errands
from chat.hands import Hands
from chat.message import head_of_words
from chat.phrasebook import Phrasebook
from chat.protocol import advocate, server
from chat.protocol.calls import CallHelp
from chat.protocol.translated import WordsTried
from chat.refusals import Refusal, TooLate
from chat.relay import Relay
from chat.sockets.desk_talk import TalkOnDesk, Tell
from chat.trying import NOTHING, Trying
from chat.withdrawing import UNSEND_S, JustTaken
from portal.errors import Away
from portal.records.entries import Entries

Said = advocate.Say | advocate.Ask
Marked = advocate.MarkDanger | advocate.EndDanger | advocate.MayBeOther | advocate.Tick | advocate.TickStep
Act = (
    Said
    | Marked
    | advocate.AskKeep
    | CallHelp
    | advocate.HoldOff
    | advocate.StillHere
    | advocate.Withdraw
    | advocate.TakeDown
    | advocate.Note
    | advocate.TryWords
    | advocate.Close
)


class DeskActs:
    """The acts in held conversations. Each is answered with `MessageAccepted`, or raises a refusal or Away."""

    def __init__(
        self,
        relay: Relay,
        errands: Errands,
        entries: Entries,
        tell: Tell,
        raw: Callable[[str], bytes],
        speech: Speech,
    ) -> None:
        self._relay = relay
        self._entries = entries
        self._boundaries = Boundaries(relay, entries)
        self._hands = Hands(relay)
        self._errands = errands
        self._tell = tell
        self._raw = raw
        self._taken = JustTaken()
        self._book = Phrasebook(speech)
        self._trying = Trying(relay, self._book)
        self._is_trying = False

    async def do(self, act: Act, held: TalkOnDesk) -> None:
        """Do it, and tell the desk that it is done."""
        match act:
            case advocate.Say() | advocate.Ask():
                await self._says(act, held)
            case advocate.StillHere():
                here = self._hands.still_here(held.talk, self._raw(act.key), held.feed.last)
                await self._accepted(act, await self._errands.finish(here))
            case advocate.Withdraw():
                await self._accepted(act, await self._withdraws(act, held))
            case advocate.TakeDown():
                down = self._hands.take_down(held.talk, act.seq, act.text, self._raw(act.key), held.feed.last)
                await self._accepted(act, await self._errands.finish(down))
            case advocate.AskKeep():
                asked = self._hands.ask_keep(held.talk, act.text, self._raw(act.key), held.feed.last)
                await self._accepted(act, await self._errands.finish(asked))
            case advocate.Note():
                noted = self._relay.note(held.talk, act.text, self._raw(act.key), held.feed.last)
                await self._accepted(act, await self._errands.finish(noted))
            case _ if isinstance(act, Marked):
                await self._accepted(act, await self._errands.finish(self._marks(act, held)))
            case CallHelp():
                await self._errands.finish(self._relay.marking.help(held.talk))
                await self._accepted(act, 0)
            case advocate.HoldOff():
                await self._accepted(act, await self._errands.finish(self._boundaries.hold_off(held.talk, act)))
            case advocate.TryWords():
                self._begin_trying(act, held)
            case advocate.Close():
                await self._accepted(act, await self._errands.finish(self._relay.close(held.talk)))

    async def _marks(self, act: Marked, held: TalkOnDesk) -> int:
        marking, key, after = self._relay.marking, self._raw(act.key), held.feed.last
        if isinstance(act, advocate.EndDanger):
            return await marking.end_danger(held.talk, act, self._entries, key, after)
        if isinstance(act, advocate.MayBeOther):
            await marking.other(held.talk, may_be=act.is_other, now_ms=self._relay.now_ms())
            return 0
        if isinstance(act, advocate.TickStep):
            await marking.step(held.talk, act.step, is_set=act.is_set)
            return 0
        if isinstance(act, advocate.Tick):
            await marking.tick(held.talk, act.of, is_set=act.is_set)
            return 0
        return await marking.danger(held.talk, act.danger, act.who, key, after, self._relay.now_ms())

    async def _says(self, act: Said, held: TalkOnDesk) -> None:
        if held.is_plain:
            await self._errands.finish(self._relay.withdrawing.begin(held.talk, held.feed.last))
        key, after = self._raw(act.key), held.feed.last
        if card := self._card_in(act, held):
            seq = await self._errands.finish(self._hands.ask(held.talk, card, key, after))
            await self._accepted(act, seq, unsend_s=self._may_take_back(held, seq))
            return

        text = act.text if isinstance(act, advocate.Say) else ""

        async def accept(seq: int) -> None:
            await self._accepted(act, seq, unsend_s=self._may_take_back(held, seq))

        # One command, kept or not whatever becomes of the line: no errand.
        saying, own = self._relay.advocate_says(held.talk, text, key, after), held.feed.own
        if own is None:
            await accept(await saying)
            return
        head = head_of_words("advocate", held.talk.staff_id, key)
        own.says(head, accept)
        try:
            seq = await saying
        except (Refusal, Away):
            if await own.refused(head):
                raise
            return
        await own.answered(head, seq, lambda: held.feed.last)

    def _card_in(self, act: Said, held: TalkOnDesk) -> str:
        """The card it is: picked, or written word for word to one who reads another language."""
        if isinstance(act, advocate.Ask):
            return act.card
        talk = held.talk
        if held.language in ("", talk.tongue) or not talk.tongue:
            return ""
        return self._book.find(talk.tongue, talk.alias, act.text)

    def _begin_trying(self, act: advocate.TryWords, held: TalkOnDesk) -> None:
        """Beside everything else, for an engine may be slow: one at a time of each line."""
        if not self._is_trying:
            self._is_trying = True
            self._errands.begin(self._tries(act, held))

    async def _tries(self, act: advocate.TryWords, held: TalkOnDesk) -> None:
        try:
            tried = await self._trying.try_words(held.talk, act.text)
        except (Refusal, Away):
            tried = NOTHING
        finally:
            self._is_trying = False
        await self._tell(
            WordsTried(
                key=act.key,
                conversation=act.conversation,
                status=tried.status.value,
                there=tried.there,
                back=tried.back,
                card=tried.card,
                flags=tried.flags,
            )
        )

    def _may_take_back(self, held: TalkOnDesk, seq: int) -> int:
        """For how many seconds the desk is offered it. Words this line only heard of again have had their time."""
        if seq <= held.talk.facts.seq:
            return 0
        self._taken.remember((held.talk.id, seq), monotonic())
        return UNSEND_S

    async def _withdraws(self, act: advocate.Withdraw, held: TalkOnDesk) -> int:
        if not self._taken.may_go((held.talk.id, act.seq), monotonic()):
            raise TooLate
        withdrawn = self._relay.withdrawing.withdraw(held.talk, act.seq, self._raw(act.key), held.feed.last)
        return await self._errands.finish(withdrawn)

    async def _accepted(self, act: Act, seq: int, *, unsend_s: int = 0) -> None:
        # The name as it came: it has been read, and only one text names a conversation.
        name = act.conversation
        await self._tell(server.DeskMessageAccepted(key=act.key, conversation=name, seq=seq, unsend_s=unsend_s))
