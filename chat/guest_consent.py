"""Asks the gate's rule whether a third person may read a conversation: by the visitor's yes to this one."""

from datetime import date

from portal.consent.rule import Agreement, Leaving, Passage, decide
from portal.consent.terms import Kind, Purpose, Recipient, Subject, What, Whom

_WORDS = frozenset({What.WORDS})


def let_in(conversation: bytes, asks: bytes, said_yes_to: bytes) -> Passage:
    """Leave to read her words from her yes on. `said_yes_to`: to whom her latest yes was, empty where there is none.

    Her yes has no last day: it ends with her no, or with the conversation. Raises MayNotLeave.
    """
    about = Subject(Kind.CONVERSATION, conversation)
    leaving = Leaving(about=(about,), to=_reader(asks), what=_WORDS, purpose=Purpose.TOGETHER)
    if not said_yes_to:
        return decide(leaving, (), (), date.min)
    yes = Agreement(
        id=said_yes_to, about=about, to=_reader(said_yes_to), what=_WORDS, purpose=Purpose.TOGETHER, until=date.max
    )
    return decide(leaving, (yes,), (), date.min)


def _reader(person: bytes) -> Recipient:
    return Recipient(Whom.PERSON, person.hex())
