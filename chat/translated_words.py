"""Says in a page's language what a machine made, what is odd about it, and the question whether it may."""

from typing import Final

from chat.cards import APART, END_APART, Speech, below
from chat.consent import EQUAL
from chat.message import Machine, Message
from chat.protocol.translated import MessageTranslated
from i18n.languages import ENGLISH, LANGUAGES
from i18n.translator import Flag, Status

# What she is told of a flag. The first that is there is said: a number that is wrong may cost more than anything else.
_WARNS: Final = (
    (Flag.LINK_ADDED, "translation.link"),
    (Flag.NUMBERS_CHANGED, "translation.numbers"),
    (Flag.REPEATS, "translation.odd"),
    (Flag.ODD_LENGTH, "translation.odd"),
    (Flag.SAME_AS_ORIGINAL, "translation.odd"),
)


def question(speech: Speech, tag: str, asked: Message) -> str:
    """The question in her language, and below it the original while nobody has signed its words: it is a consent."""
    said, beside = _question(speech, tag, asked), speech.beside(tag, f"translation.ask.{_whose(asked)}")
    return below(said, _question(speech, beside, asked)) if beside else said


def _whose(asked: Message) -> str:
    return "theirs" if asked.text == "theirs" else "hers"


def _question(speech: Speech, tag: str, asked: Message) -> str:
    """Whose words, that it may be wrong, and where the machine stands if we know it."""
    machine = asked.machine or Machine()
    theirs = asked.text == "theirs"
    reads = LANGUAGES.get(machine.source if theirs else machine.target, ENGLISH).own_name
    said = speech.say(tag, f"translation.ask.{_whose(asked)}", name=_apart(asked.name), tongue=_apart(reads))
    if machine.is_third_party:
        where = speech.say(tag, "translation.third", engine=_apart(machine.engine))
        return f"{where}\n\n{said}"
    # Of the two questions the first says it for both.
    return said if theirs else f"{said} {speech.say(tag, 'translation.ours')}"


def choices(speech: Speech, tag: str) -> tuple[tuple[str, str], ...]:
    """Yes and no, as equals."""
    return tuple((choice, speech.choice(tag, choice)) for choice in EQUAL)


def translated(speech: Speech, tag: str, message: Message) -> MessageTranslated | None:
    """What her page shows of a translation; None where there is nothing to show: it was not needed."""
    machine = message.machine
    if machine is None or not message.of or machine.status == Status.SKIPPED:
        return None
    warn = next((phrase for flag, phrase in _WARNS if flag in machine.flags), "")
    if not message.text:
        warn = warn if Flag.LINK_ADDED in machine.flags else "translation.failed"
    return MessageTranslated(
        seq=message.of,
        text=message.text,
        language=machine.target,
        label=speech.say(tag, "translation.label") if message.text else "",
        warn=speech.say(tag, warn) if warn else "",
        source=machine.source,
    )


def _apart(text: str) -> str:
    return f"{APART}{text}{END_APART}"
