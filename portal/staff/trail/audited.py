"""Lists everything the audit can say: each act, what it is of, and what may stand behind its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Of(StrEnum):
    """What kind of act it is: what somebody looks for who reads the audit."""

    OPENING = "opening"  # words, files, numbers or lists were looked at
    EXPORT = "export"  # something left the house as a file
    KEYS = "keys"  # who may read what
    COMING_IN = "coming_in"  # sign-ins and what ends them
    FAILED = "failed"  # what was tried and not done
    DECISION = "decision"  # somebody's word about a person, a tip, a conversation
    WORK = "work"  # what was done with a tip, a conversation, a call
    HOUSE = "house"  # settings, doors, people
    CHAIN = "chain"  # what the audit says of itself


class Tail(StrEnum):
    """What may stand behind an act's name."""

    NONE = ""
    WORD = "."  # one more word: a language, a sort of file, a setting and what it was set to
    NUMBER = ":"  # how many, or which line


@dataclass(frozen=True)
class Act:
    """One act by its name. What it is called at the desk say the catalogues, under `audit.act.` and the name."""

    name: str
    of: Of
    tail: Tail = Tail.NONE


def _acts(of: Of, names: str, tail: Tail = Tail.NONE) -> list[Act]:
    return [Act(name, of, tail) for name in names.split()]


# Not here, by decision 0035: that a conversation was taken, and anything a visitor or a reporter does. What the house
# forgets on purpose must not be counted on its disk for ever.
_TABLE: Final = (
    *_acts(
        Of.OPENING,
        """tip.opened tip.opened.asked tip.opened.cover tip.opened.sender tip.opened.linked tip.opened.check
        tip.opened.law tip.list_seen tip.searched tip.heap_seen tip.many_opened tip.translated file.seen file.original
        entry.seen interpreter.opened watch.began watch.ended watch.lapsed guest.began guest.ended audit.seen
        record.opened record.list_seen asked.list_seen asked.opened""",
    ),
    *_acts(Of.EXPORT, "figures.taken figures.shared tip.exported file.copied audit.exported house.backed_up"),
    *_acts(Of.EXPORT, "gate.left", Tail.WORD),
    *_acts(Of.KEYS, "keys.granted keys.taken keys.turned keys.old_erased house.sheet_kept"),
    *_acts(Of.KEYS, "keys.recovered keys.drilled keys.pepper_retired sheet.named sheet.on_paper staff.reset_begun"),
    *_acts(
        Of.COMING_IN,
        """desk.signed_in desk.unlocked desk.signed_out desk.signed_out_everywhere desk.locked staff.joined staff.reset
        staff.passphrase_changed second.added second.removed second.slip second.reset_asked second.reset
        second.reset_refused""",
    ),
    *_acts(
        Of.FAILED,
        """desk.sign_in_failed desk.passphrase_wrong desk.unlock_failed desk.slowed desk.refused desk.foreign
        desk.wrong_token proof.failed keys.heard_other keys.refused staff.refused tip.open_refused
        tip.export_refused second.failed gate.refused""",
        Tail.NUMBER,
    ),
    *_acts(
        Of.DECISION,
        """record.agreed record.asked_more record.next entry.yes entry.no
        tip.report_approved tip.report_returned tip.report_seen tip.hold tip.hold_ended tip.kept
        tip.erased tip.linked tip.unlinked tip.link_dropped tip.eyes_given tip.file_hold file.freeze file.police
        file.free file.destroy file.lost consent.given consent.taken_back duty.written duty.agreed duty.returned
        duty.made duty.impossible duty.not_made take.language take.known take.danger take.other""",
    ),
    *_acts(Of.OPENING, "case.opened case.list_seen case.searched"),
    *_acts(
        Of.DECISION,
        """case.agreed case.asked_more case.next case.closed case.stands case.kept case.hold_asked case.hold
        case.hold_end_asked case.hold_ended case.erased""",
    ),
    *_acts(
        Of.WORK,
        """case.begun case.changed case.person case.person_gone case.note case.contact_in case.contact_out
        case.contact_moved case.merged case.given case.taken_off case.asked case.purged""",
    ),
    *_acts(
        Of.WORK,
        """tip.answered tip.new tip.reading tip.closed tip.assigned tip.handed tip.labels tip.note tip.entry
        tip.eyes_asked tip.report_drafted tip.link_asked tip.unlink_asked tip.purged tip.way_in_ended entry.danger
        entry.held_off entry.kept entry.hold entry.files asked.new asked.step asked.closed""",
    ),
    *_acts(Of.WORK, "figures.closed"),
    *_acts(Of.WORK, "tip.heap_closed tip.heap_undone", Tail.NUMBER),
    *_acts(Of.HOUSE, "directory.taken_in", Tail.NUMBER),
    *_acts(Of.EXPORT, "directory.handed_on", Tail.NUMBER),
    *_acts(
        Of.HOUSE,
        """house.set_up house.changed house.restored doors.opened doors.closed staff.invited staff.uninvited
        staff.sent_away staff.back alias.taken chat.zone chat.hours chat.calls_back chat.calls_nobody chat.opened
        chat.closed chat.closed_as_last chat.by_hours alert.way_added alert.way_gone on_call.written on_call.removed
        alert.tested staff.languages
        interpreter.added interpreter.changed interpreter.removed directory.added directory.changed
        directory.reviewed directory.removed tip.labels_kept files.on files.off asked.letter protocol.kept""",
    ),
    *_acts(Of.DECISION, "training.chat training.no_chat training.indigenous training.no_indigenous"),
    *_acts(Of.HOUSE, "library.written library.shown library.away", Tail.WORD),
    *_acts(
        Of.HOUSE,
        """ready.always ready.limits ready.alert ready.drill ready.practice ready.waived files.photo.on files.photo.off
        files.sound.on files.sound.off files.paper.on files.paper.off""",
    ),
    *_acts(Of.HOUSE, "chat.on chat.off set", Tail.WORD),
    *_acts(Of.CHAIN, "audit.taken_in audit.broken", Tail.NUMBER),
)

ACTS: Final[Mapping[str, Act]] = {act.name: act for act in _TABLE}


def act_of(written: str) -> tuple[Act, str] | None:
    """The act a line names, and what stands behind its name; None for a word that is in no row of the table."""
    if written in ACTS:
        return ACTS[written], ""
    for at in range(len(written) - 1, 0, -1):
        act = ACTS.get(written[:at])
        if act is not None and act.tail == written[at] and written[at + 1 :]:
            return act, written[at + 1 :]
    return None


def names_of(of: Of) -> list[str]:
    """Every act of this kind."""
    return [act.name for act in ACTS.values() if act.of is of]
