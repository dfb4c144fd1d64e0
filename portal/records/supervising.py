"""Knows what a supervisor writes to a record: what she decided, what is next, and what each way may harm."""

from typing import Final, Literal

import msgspec

from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

VERSION: Final = 1
WEIGHED_LIMIT: Final = 280  # letters of each of her fields

# Asked more: it goes on waiting, and somebody asks the one who wrote it.
Verdict = Literal["agreed", "asked_more", "next"]
FIELDS: Final = ("next", "harm_of_telling", "harm_of_silence")
VERDICTS: Final[tuple[Verdict, ...]] = ("agreed", "asked_more", "next")


class SupervisorEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Her entry as it is sealed, with the name of the record it belongs to.

    `harm_of_telling`, `harm_of_silence`: what a report may do to the person, and what it may do that there is none.
    """

    version: int
    verdict: Verdict
    next: str = ""
    harm_of_telling: str = ""
    harm_of_silence: str = ""
    by: str = ""
    record: bytes = b""

    def __repr__(self) -> str:
        return "SupervisorEntry(...)"


class EntryWrong(ValueError):
    """Fields to mend, by name and phrase key."""

    def __init__(self, wrongs: dict[str, str]) -> None:
        super().__init__("entry")
        self.wrongs = wrongs


_decoder = msgspec.json.Decoder(SupervisorEntry)


def write_entry(entry: SupervisorEntry, record: bytes) -> bytes:
    """The entry as the bytes that are sealed, bound to its record."""
    return msgspec.json.encode(msgspec.structs.replace(entry, record=record))


def read_entry(raw: bytes, record: bytes) -> SupervisorEntry:
    """The entry from those bytes. Raises ValueError for one that belongs to another record."""
    entry = _decoder.decode(raw)
    if entry.record != record:
        raise ValueError("the entry of another record")
    return entry


def read_form(form: Form, alias: str) -> SupervisorEntry:
    """What she wrote. Raises EntryWrong.

    Both harms are weighed before anything is decided; a question back to the one who wrote the record needs neither.
    """
    verdict = next((known for known in VERDICTS if known == form.get("verdict", "")), None)
    typed = {name: typed_words(form, name) for name in FIELDS}
    wrongs = {name: "records.wrong.too_long" for name, words in typed.items() if len(words) > WEIGHED_LIMIT}
    if verdict is None:
        wrongs["verdict"] = "records.wrong.verdict"
    if verdict in ("agreed", "next"):
        for name in ("harm_of_telling", "harm_of_silence"):
            if not typed[name]:
                wrongs[name] = "records.wrong.weigh"
    if verdict == "next" and not typed["next"]:
        wrongs["next"] = "records.wrong.next"
    if wrongs or verdict is None:
        raise EntryWrong(wrongs)
    todo, telling, silence = (typed[name] for name in FIELDS)
    return SupervisorEntry(
        version=VERSION, verdict=verdict, by=alias, next=todo, harm_of_telling=telling, harm_of_silence=silence
    )


def typed_words(form: Form, name: str) -> str:
    """One of her fields as it is kept: plain words in one line."""
    return " ".join(tidy_text(strip_markup(form.get(name, ""))).split())
