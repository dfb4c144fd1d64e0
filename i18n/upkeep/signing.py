"""Signs words by the name of whoever has read them, takes signatures back, and counts what is signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from i18n.languages import CATALOGUES, ENGLISH
from i18n.po import Entry, read_po
from i18n.review import Signature, read_review, sign, standing, write_review
from i18n.upkeep.files import SAFETY, SHOWN_ALONE, domains_of, notes, path_of

_NAME_LIMIT: Final = 80


class CannotSign(Exception):
    """What was asked cannot be signed. The text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class State:
    """How far a language has come: numbers of phrases, and who signed those that stand signed."""

    tag: str
    phrases: int
    signed: int
    safety: int
    safety_signed: int
    fallen_back: int
    """Signed once, and changed since, in English or here: drafted again."""
    by: tuple[str, ...]
    newest: str


def sign_words(
    tag: str,
    by: str,
    on: date,
    *,
    domains: Collection[str] = (),
    keys: Collection[str] = (),
    safety_alone: bool = False,
    folder: Path = CATALOGUES,
) -> int:
    """Put a name under the words of a language, all or those chosen; how many were signed. Raises CannotSign."""
    by = by.strip()
    if not by or len(by) > _NAME_LIMIT or not by.isprintable():
        raise CannotSign("Say who has read the words, by name.")
    english, own = _words(ENGLISH.tag, folder), _words(tag, folder)
    chosen = _chosen(tag, english, domains, keys, folder, safety_alone=safety_alone)
    without = sorted(key for key in chosen if key not in own)
    if without:
        raise CannotSign(
            f"{tag} has no words for {without[0]}" + (f" and {len(without) - 1} more." * (len(without) > 1))
        )
    kept = dict(read_review(folder / tag))
    kept.update({key: sign(english[key], own[key], by=by, on=on) for key in chosen})
    write_review(folder / tag, kept)
    return len(chosen)


def take_back(tag: str, *, domains: Collection[str] = (), keys: Collection[str] = (), folder: Path = CATALOGUES) -> int:
    """Take signatures away, all of a language or those chosen; how many there were. Raises CannotSign."""
    chosen = _chosen(tag, _words(ENGLISH.tag, folder), domains, keys, folder)
    kept = read_review(folder / tag)
    left = {key: signature for key, signature in kept.items() if key not in chosen}
    write_review(folder / tag, left)
    return len(kept) - len(left)


def state_of(tag: str, safe: Collection[str], folder: Path = CATALOGUES) -> State:
    """How far a language has come. `safe`: the keys of safety and law."""
    english, own = _words(ENGLISH.tag, folder), _words(tag, folder)
    kept: Mapping[str, Signature] = read_review(folder / tag)
    keys = [key for key in english if key in own]
    stands = standing(kept, english, own, keys)
    return State(
        tag=tag,
        phrases=len(keys),
        signed=len(stands),
        safety=sum(key in safe for key in keys),
        safety_signed=sum(key in safe for key in stands),
        fallen_back=len(kept.keys() - stands),
        by=tuple(sorted({kept[key].by for key in stands})),
        newest=max((kept[key].on for key in stands), default=""),
    )


def safety_keys(folder: Path = CATALOGUES) -> frozenset[str]:
    """The keys whose notes bear one of the two marks of safety."""
    return frozenset(key for key, note in notes(folder).items() if note.mark in (SAFETY, SHOWN_ALONE))


def _chosen(
    tag: str,
    english: Mapping[str, Entry],
    domains: Collection[str],
    keys: Collection[str],
    folder: Path,
    *,
    safety_alone: bool = False,
) -> set[str]:
    known = domains_of(tag, folder)
    for domain in domains:
        if domain not in known:
            raise CannotSign(f"{tag} has no catalogue {domain}; it has {', '.join(known)}.")
    for key in keys:
        if key not in english:
            raise CannotSign(f"There is no phrase {key}.")
    chosen = set(keys) if keys and not domains else {*keys, *_words(ENGLISH.tag, folder, domains or known)}
    return chosen & safety_keys(folder) if safety_alone else chosen


def _words(tag: str, folder: Path, domains: Collection[str] = ()) -> dict[str, Entry]:
    """Every phrase of a language, or those of some catalogues. Raises CannotSign where it has no folder."""
    if not (folder / tag).is_dir():
        raise CannotSign(f"There is no folder {tag} in {folder}.")
    found: dict[str, Entry] = {}
    for domain in domains or domains_of(tag, folder):
        path = path_of(tag, domain, folder)
        if path.exists():
            found.update(read_po(path.read_text("utf-8"), path.name))
    return found
