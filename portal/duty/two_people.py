"""Tells whether two accounts are one person's, so far as the house can: the same account, keys, or name at work."""

import unicodedata

from portal.staff.accounts import Person


def is_same(first: Person, second: Person | None, alias: str) -> bool:
    """Whether the second is the first under another account. `alias`: the second's, as her session says it.

    A house that lets one person have two accounts under two names is held by its keys alone: who vouched for whom is in
    the chain of statements, and a second account needs somebody who heard her digits (decision 0042).
    """
    if second is not None and (second.id == first.id or _keys(first) & _keys(second)):
        return True
    return _folded(first.alias) == _folded(alias)


def _keys(person: Person) -> set[bytes]:
    return {person.open_public, person.sign_public}


def _folded(alias: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", alias).casefold().split())
