"""The frame to write in: keeps what was said and answered, and shows the last words of both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from chat.card import TYPED, Answers, UnknownChoice
from chat.cards import Speech
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.message import Message, read_text
from chat.pages.talk_parts import KIN, TAPS, TICKS, ticks
from chat.plain.carried import ACROSS, WRITE, Over, Write, decode_write
from chat.plain.frames import STAY, Frames, hides_in, token_in
from chat.plain.message_key import message_key
from chat.protocol.kinds import NAME_LIMIT, Question
from chat.refusals import ConversationOver, NothingSaid, Refusal
from chat.relay import Relay
from i18n.languages import LANGUAGES
from i18n.spoken import ways_to_speak
from portal.errors import Away, NotThere
from portal.ids import ID_SIZE, from_text, random_id, to_text
from portal.web.forms import KIB, Form, FormTooLarge, FormUnreadable, read_form
from portal.web.page import language_of, see_other
from portal.web.throttle import Throttle

# What the browser lets her type. A letter can be twelve bytes in a posted form.
FIELD_LIMIT: Final = 16_000
FORM_LIMIT: Final = 256 * KIB
# One talk's posts in one process.
BURST: Final = 30
EACH_SECOND: Final = 2.0
LOOKS_BACK: Final = 30  # messages among which the last words of both sides are looked for

RECEIVED: Final = "talk.received"
KEPT: Final = "plain.answers_kept"
TAKES_BACK: Final = {question for question, _ in TICKS + KIN}


@dataclass(frozen=True)
class LastWords:
    """The last words of both sides, as far as they are not hidden."""

    own: str = ""
    theirs: str = ""
    name: str = ""


class Composer:
    """`/{lang}/talk/write`: a post is answered 303 to a page that shows what became of it."""

    def __init__(self, frames: Frames, relay: Relay, errands: Errands) -> None:
        self._frames = frames
        self._relay = relay
        self._errands = errands
        self._flood = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def show(self, request: Request) -> Response:
        """The frame a pass leads to."""
        try:
            page = await self._frames.carried(request, WRITE, decode_write)
            if page is None:
                return await self._frames.aged(request, "plain.aged_write")
            if isinstance(page, Over):
                return self._frames.over(request, page.unsent)
            talk = await self._frames.visits.open(page.token)
            answers = await self._errands.finish(self._relay.answers(talk))
            last = await self._errands.finish(self._last_words(talk, page.hides))
            kin = bool(answers.kin) or await self._relay.speakers.readers.any_kin()
        except (NotThere, ConversationOver):
            return self._frames.over(request, page.draft if isinstance(page, Write) else "")
        except Away:
            return self._frames.away(request)
        return self._draw(request, page, talk, answers, last, kin=kin)

    async def post(self, request: Request) -> Response:
        """Words, answers, or both. What was typed stands in the field again whenever it was not received."""
        language = language_of(request)
        try:
            form = await read_form(request, limit=FORM_LIMIT)
        except (FormTooLarge, FormUnreadable):
            return self._frames.to(request, STAY)
        typed = form.get("words", "").replace("\r\n", "\n")[:FIELD_LIMIT]
        try:
            try:
                talk = await self._frames.visits.open(token_in(form))
                page = await self._kept(talk, form, typed, language.tag)
            except (NotThere, ConversationOver):
                return see_other(await self._frames.door.write_over(language, typed) + "#said")
            # The place in the page, and nothing secret: a frame that was written in gets no focus by itself, and of two
            # only a place brings the one with the answer into sight.
            return see_other(await self._frames.door.write(language, talk, page) + "#field")
        except Away:
            # Nothing can be carried, so her page stays as it is, words and all: she taps again.
            return self._frames.to(request, STAY)

    async def _kept(self, talk: VisitorTalk, form: Form, typed: str, tag: str) -> Write:
        """Keep what the form holds; answers the page that says so, or that it was not kept, with the draft."""
        stands = ACROSS.get(form.get("f", ""), "")
        is_hinted = form.get("g") == "1"
        again = Write(
            talk.token, _page_key(form), draft=typed, hides=hides_in(form), stands=stands, is_hinted=is_hinted
        )
        if not self._flood.allows(talk.id):
            return msgspec.structs.replace(again, said="line.flooding")
        try:
            has_answered = await self._answered(talk, form)
            if form.get("do") == "answer":
                return msgspec.structs.replace(again, said=KEPT)
            if has_answered and not typed.strip():
                return msgspec.structs.replace(again, said=KEPT, draft="")
            text = read_text(typed)
            key = message_key(again.page, text)
            await self._errands.finish(self._relay.visitor_says(talk, text, key, talk.facts.seq))
        except ConversationOver:
            raise
        except Refusal as refusal:
            return msgspec.structs.replace(again, said=refusal.phrase)
        except UnknownChoice:
            return msgspec.structs.replace(again, said=NothingSaid.phrase)
        except Away:
            # The same page key: if the words were kept after all, sending them again keeps them once.
            return msgspec.structs.replace(again, said="plain.not_sent")
        guess = "" if is_hinted else await self._frames.services.guesses.soon(tag, text)
        return Write(
            talk.token,
            random_id(),
            said=RECEIVED,
            hides=again.hides,
            stands=stands,
            guess=guess,
            is_hinted=is_hinted or bool(guess),
        )

    async def _answered(self, talk: VisitorTalk, form: Form) -> bool:
        """Keep the answers that differ from those on the card."""
        kept = (await self._errands.finish(self._relay.answers(talk))).told
        changed = [
            (question, choice) for question, choice in _answers_in(form).items() if choice != kept.get(question, "")
        ]
        for question, choice in changed:
            await self._errands.finish(self._relay.visitor_answers(talk, question, choice))
        return bool(changed)

    async def _last_words(self, talk: VisitorTalk, hides: int) -> LastWords:
        # First what may be taken back, then the words: this page stays as it is when they are.
        settled = await self._relay.withdrawing.settled(talk.id, talk.facts.seq)
        words = await self._relay.since(talk, max(hides, talk.facts.seq - LOOKS_BACK, 0))
        own = _newest(words.messages, "visitor")
        theirs = _newest([each for each in words.messages if each.seq <= settled], "advocate")
        return LastWords(own.text if own else "", theirs.text if theirs else "", theirs.name if theirs else "")

    def _draw(
        self, request: Request, page: Write, talk: VisitorTalk, answers: Answers, last: LastWords, *, kin: bool
    ) -> Response:
        catalogue, language = self._frames.services.pages.catalogue, language_of(request)
        said = catalogue.phrase(language, page.said) if page.said else ""
        is_good = page.said in (RECEIVED, KEPT)
        return self._frames.draw(
            request,
            "chat/plain_write.html",
            token=to_text(page.token),
            page=to_text(page.page),
            hides=page.hides,
            draft=page.draft,
            said=said if is_good else "",
            wrong="" if is_good else said,
            is_first=page.is_first,
            stands=page.stands,
            guess=LANGUAGES.get(page.guess),
            offers=Speech(catalogue).offers(page.guess) if page.guess else (),
            is_hinted=page.is_hinted,
            across=ACROSS.get(page.stands, ""),
            asks=talk.facts.standing == "waiting",
            # One who came back is asked first whether it is safe: somebody else may hold the phone now.
            asks_first=page.hides > 0 and not (answers.get("safe") and page.said != KEPT),
            opens=page.said == KEPT,
            given=answers.told,
            taps=TAPS,
            spoken=ways_to_speak(language.tag),
            ticks=ticks(kin=kin),
            limit=FIELD_LIMIT,
            name_limit=NAME_LIMIT,
            own=last.own,
            theirs=last.theirs,
            name=last.name,
        )


def _answers_in(form: Form) -> Mapping[Question, str]:
    """Every answer the form holds. A tick that is not there was taken off, if the form asked for it at all."""
    found: dict[Question, str] = {}
    for question in get_args(Question):
        if question in form:
            found[question] = form[question][:NAME_LIMIT] if question in TYPED else form[question]
        elif question in TAKES_BACK and form.get("asked"):
            found[question] = ""
    return found


def _page_key(form: Form) -> bytes:
    try:
        return from_text(form.get("k", ""), ID_SIZE)
    except ValueError:
        return random_id()


def _newest(messages: list[Message], author: str) -> Message | None:
    return next((each for each in reversed(messages) if each.author == author and each.kind == "words"), None)
