"""Names every Valkey key and channel of the chat.

All keys of one conversation share the hash tag `{c:<id>}`, all keys of the desk the tag `{desk}`: no script crosses
tags, so one server, Sentinel and Cluster work unchanged. Names hold random ids and hashes, never a secret.

    {c:<id>}          hash    state, owner, fence, seq, notes, arrived, tier, spoken, words, how, ended, joined,
                              took,
                              lines.py: line, lost, hidden, shown, covers.py: covered,
                              clocks.py: spoke, told, sign, asked, wish,
                              left.py: left, held_off.py: off, let, looked.py: read<staff id>,
                              translated.py: mv, ma, ml, mo, kT<number>, and
                              k<role><client key> -> number for every message already kept (kx: taken back)
    {c:<id>}:log      stream  <number>-0  e: entry (see chat/message.py)
    {c:<id>}:notes    stream  <number>-0  e: entry; nothing of the visitor's side names this key
    {c:<id>}:keys     hash    staff: the staff copy, find: where the visitor copy is, was: where earlier ones
                              were, card, round: changes of the card, desk: the desk's own card
    {c:<id>}:vanish   hash    watching.py: what is told of one who reads along once her desk is gone
    {c:<id>}:people   hash    people.py: who else may read it, each with a mark
    {c:<id>}:guests   hash    guests.py: a guest's public half, and what her yes sealed to it
    {c:<id>}:kept     hash    number of a question -> the words she agreed to keep, sealed to the records
    {c:<id>}:asked    string  that somebody asked for a chat, sealed for the figures (chat/slips.py)
    {c:<id>}:talk     channel what both sides hear
    {c:<id>}:staff    channel what only staff hear
    v:<find>          hash    c: conversation id, k: the visitor copy
    {desk}:waiting    zset    conversation -> rank, of those offered
    {desk}:offered    zset    conversation -> since when it is in the queue; nothing says in which language
    {desk}:alive      zset    conversation -> when its page was last seen; every open conversation is a member
    {desk}:owners     hash    conversation -> staff id 16 | fence
    {desk}:held:<s>   set     conversations one advocate talks in; counts against her places
    {desk}:kept:<s>   set     ended ones she may still read until their wrap-up clock ends
    {desk}:leases     zset    conversation -> until when its advocate's silence is borne
    {desk}:taking     zset    conversation -> since when its take is half done
    {desk}:lapsing    hash    conversation -> the fence that ends a lapsed lease, while that is half done
    {desk}:lately     hash    conversation -> staff id 16 | until when the one it was taken from is told who has it
    {desk}:offers     hash    offers.py: conversation -> to whom its owner offers it, and who said yes
    {desk}:watching   zset    watching.py: conversation 16, staff id 16 -> until when her silence is borne
    {desk}:quiet      zset    conversation -> when its clocks are to be looked at; every open conversation is a member
    {desk}:held_off   zset    conversation -> until when it is in no queue (held_off.py)
    {desk}:ending     hash    conversation -> how | by whom, while an ending is half done
    {desk}:left       hash    conversation -> until when her number brings her back | the way in she left by, while
                              her leaving is half done
    {desk}:ends       zset    conversation -> when its wrap-up clock ends
    {desk}:presence   zset    staff id -> until when she counts as here
    {desk}:ready      set     staff ids that take conversations
    {desk}:guests     zset    guests_there.py: staff id -> until when she can be asked to join, who only joins
    {desk}:heavy      set     open conversations in which danger was marked (heavy.py)
    {desk}:notes      zset    shift_notes.py: what a shift left for the next -> until when it is there
    {desk}:note:<id>  hash    one of them: its seal, and who has read it
    {desk}:shift      hash    staff id -> in which state of her shift she is
    {desk}:heaps      hash    conversation -> mark of what it said, of those who wait in a surge (chat/likeness.py)
    {desk}:lottery    hash    turn: takes in turn in this surge, row: who is drawn, at: for which turn
    {desk}:fence      counter of takes and lapses
    {desk}:looked     channel whose other windows are to be told how far she has read (looked.py)
    {desk}:queue      channel the queue changed
    {desk}:echo       string  there while it is not time for the house to write to itself
    {desk}:unheard    string  how often in a row it did not hear itself
    {desk}:walk       string  there while it is not time for the house to come to itself (chat/canary.py)
    {desk}:walks      string  how often in a row it did not come through, one under way among them
    {desk}:lost       string  there while that was so often that everybody is to know
    {desk}:say        channel of a talk of the house with itself: whoever hears it speaks in it
"""

from typing import Final

from portal.ids import to_text

WAITING: Final = b"{desk}:waiting"
OFFERED: Final = b"{desk}:offered"
ALIVE: Final = b"{desk}:alive"
OWNERS: Final = b"{desk}:owners"
LEASES: Final = b"{desk}:leases"
TAKING: Final = b"{desk}:taking"
LAPSING: Final = b"{desk}:lapsing"
LATELY: Final = b"{desk}:lately"
OFFERS: Final = b"{desk}:offers"
WATCHING: Final = b"{desk}:watching"
QUIET: Final = b"{desk}:quiet"
HELD_OFF: Final = b"{desk}:held_off"
ENDING: Final = b"{desk}:ending"
LEFT: Final = b"{desk}:left"
ENDS: Final = b"{desk}:ends"
PRESENCE: Final = b"{desk}:presence"
READY: Final = b"{desk}:ready"
SHIFT: Final = b"{desk}:shift"
HEAVY: Final = b"{desk}:heavy"
SHIFT_NOTES: Final = b"{desk}:notes"
GUESTS_THERE: Final = b"{desk}:guests"
HEAPS: Final = b"{desk}:heaps"
LOTTERY: Final = b"{desk}:lottery"
FENCE: Final = b"{desk}:fence"
QUEUE_CHANNEL: Final = b"{desk}:queue"
LOOKED_CHANNEL: Final = b"{desk}:looked"
ECHO: Final = b"{desk}:echo"
UNHEARD: Final = b"{desk}:unheard"
ECHO_CHANNEL: Final = b"{desk}:say"
WALK: Final = b"{desk}:walk"
WALKS: Final = b"{desk}:walks"
LOST: Final = b"{desk}:lost"


def held(staff_id: bytes) -> bytes:
    """The conversations one advocate talks in."""
    return b"{desk}:held:" + _text(staff_id)


def kept(staff_id: bytes) -> bytes:
    """The ended conversations one advocate may still read."""
    return b"{desk}:kept:" + _text(staff_id)


def shift_note(note: bytes) -> bytes:
    """One note that a shift left for the next."""
    return b"{desk}:note:" + _text(note)


def state(conversation: bytes) -> bytes:
    """The hash of a conversation's clear facts."""
    return b"{c:" + _text(conversation) + b"}"


def log(conversation: bytes) -> bytes:
    """The stream of its messages."""
    return state(conversation) + b":log"


def notes(conversation: bytes) -> bytes:
    """The stream of its notes."""
    return state(conversation) + b":notes"


def sealed(conversation: bytes) -> bytes:
    """The hash of its sealed keys and card."""
    return state(conversation) + b":keys"


def people(conversation: bytes) -> bytes:
    """The hash of who else may read it."""
    return state(conversation) + b":people"


def guests(conversation: bytes) -> bytes:
    """The hash of the keys of whoever is asked for as a guest, or is one."""
    return state(conversation) + b":guests"


def guest_keys(conversation: bytes) -> bytes:
    """Where a guest's private half lies, in the store without a disk."""
    return b"gk:" + conversation


def vanish(conversation: bytes) -> bytes:
    """The hash of what its visitor is told once the desk of somebody who reads along is gone."""
    return state(conversation) + b":vanish"


def kept_words(conversation: bytes) -> bytes:
    """The hash of what she agreed to keep, until it is moved into the records."""
    return state(conversation) + b":kept"


def record(conversation: bytes) -> bytes:
    """What goes into the book of contacts when nobody finishes the record."""
    return state(conversation) + b":record"


def asked(conversation: bytes) -> bytes:
    """That somebody asked for a chat, and in which language: sealed, until it is among the slips of the figures."""
    return state(conversation) + b":asked"


def talk_channel(conversation: bytes) -> bytes:
    """What both sides hear."""
    return state(conversation) + b":talk"


def staff_channel(conversation: bytes) -> bytes:
    """What only staff hear."""
    return state(conversation) + b":staff"


def visitor(find: bytes) -> bytes:
    """Where a visitor copy is; `find` is a hash of something derived from her token."""
    return b"v:" + _text(find)


def ember(conversation: bytes) -> bytes:
    """The ember, in the store without a disk."""
    return b"e:" + conversation


LIKENESS: Final = b"likeness"
"""In the store without a disk: the key of the marks in `HEAPS`."""


def may_go(conversation: bytes) -> bytes:
    """In the store without a disk, for seconds: after which number words may still be taken back."""
    return b"g:" + conversation


def asked_to_say(conversation: bytes) -> bytes:
    """In the store without a disk, while the house writes to itself: the token and what another process is to say."""
    return b"y:" + conversation


def _text(raw: bytes) -> bytes:
    return to_text(raw).encode()
