"""What is said and told of the calls up the ladder: never about whom, and by whom they were heard."""

from chat.protocol.kinds import Asked, ConversationId, Frame, Key


class SayYes(Asked, frozen=True, kw_only=True, tag=True):
    """She has it: nobody else is called for it. Of `line.5`."""

    key: Key
    call: Key


class CallHelp(Asked, frozen=True, kw_only=True, tag=True):
    """Whoever holds this conversation wants a supervisor, now. Of `line.5`."""

    key: Key
    conversation: ConversationId


class OpenCall(Frame, frozen=True, kw_only=True):
    """Somebody is called for, `since_s` seconds long; `by`: the alias of the one who said yes."""

    call: Key
    kind: str
    since_s: int
    by: str = ""
    loud: bool = False  # this desk calls its person for it until somebody has said yes
    mine: bool = False  # called from here: a yes of one's own helps nobody
