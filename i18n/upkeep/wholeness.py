"""Says what is wrong with the catalogues: missing, unused, malformed, or counted otherwise than the table says."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError

from i18n.catalogue import MissingPhrase, form_index
from i18n.languages import CATALOGUES, ENGLISH, LANGUAGES, Language
from i18n.po import read_po
from i18n.review import BrokenReview, read_review
from i18n.upkeep.asked import Asked
from i18n.upkeep.files import domains_of, forms_of, key_of, path_of, read

_PLACE: Final = re.compile(r"%\((\w+)\)[sd]")
_HEADER: Final = re.compile(r"^\"Plural-Forms: *nplurals=(\d+); *plural=(.+?);?(?:\\n)?\"$", re.MULTILINE)
_COUNTED: Final = range(210)


def faults(
    found: Asked, folder: Path = CATALOGUES, languages: Iterable[Language] = tuple(LANGUAGES.values())
) -> Iterator[str]:
    """Every fault as a line for a person at the terminal; none: all is whole. `found`: what is asked for."""
    english = _english(folder)
    for key, where in sorted(found.missing(english).items()):
        yield f"{where}: {key} has no words"
    for key in sorted(english):
        if not found.asks(key):
            yield f"en: {key} is asked for by nobody"
    for language in languages:
        for domain in domains_of(language.tag, folder):
            yield from _faults_of(language, domain, folder, english)
        yield from _faults_of_review(language, folder, english)


def _english(folder: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each key with its catalogue and its English words."""
    return {
        key_of(message): (domain, forms_of(message))
        for domain in domains_of(ENGLISH.tag, folder)
        for message in read(ENGLISH.tag, domain, folder)
        if message.id
    }


def _faults_of(
    language: Language, domain: str, folder: Path, english: dict[str, tuple[str, tuple[str, ...]]]
) -> Iterator[str]:
    name = f"{language.tag}/{domain}.po"
    try:
        catalogue = read(language.tag, domain, folder)
        # What no tool can compile, none can open for good.
        write_mo(io.BytesIO(), catalogue)
        # And what the house's own reader refuses, no house can start with.
        read_po(path_of(language.tag, domain, folder).read_text("utf-8"), f"{domain}.po")
    except (OSError, PoFileError, ValueError) as error:
        yield f"{name}: {error}"
        return
    yield from (f"{name}: {fault}" for fault in _faults_of_header(language, domain, folder, catalogue))
    wanted = {key for key, (where, _) in english.items() if where == domain}
    here = {key_of(message): message for message in catalogue if message.id}
    yield from (f"{name}: {key} is missing" for key in sorted(wanted - here.keys()))
    yield from (f"{name}: {key} does not stand in English" for key in sorted(here.keys() - wanted))
    for key in sorted(wanted & here.keys()):
        for fault in _faults_of_words(language, here[key], english[key][1]):
            yield f"{name}: {key} {fault}"


def _faults_of_words(language: Language, message: Any, english: tuple[str, ...]) -> Iterator[str]:
    forms = forms_of(message)
    if message.fuzzy:
        yield "is marked as unfinished (fuzzy)"
    if not all(form.strip() for form in forms) or not forms:
        yield "has no words"
        return
    if (len(english) > 1) != message.pluralizable:
        yield "counts in one language and not in the other"
    elif message.pluralizable:
        try:
            form_index(language, 1, len(forms))
        except MissingPhrase as error:
            yield str(error)
    # The last form is the one for most numbers; a form for one or two may say the number in its word.
    if _places(forms[-1]) != _places(english[-1]):
        yield f"has the places {sorted(_places(forms[-1]))}, English has {sorted(_places(english[-1]))}"
    if any(_places(form) - _places(english[-1]) for form in forms):
        yield "has a place that English has not"


def _places(words: str) -> set[str]:
    return set(_PLACE.findall(words))


def _faults_of_header(language: Language, domain: str, folder: Path, catalogue: Catalog) -> Iterator[str]:
    """Tools write plural forms in the order their header counts them: it has to be the order the house reads."""
    text = path_of(language.tag, domain, folder).read_text("utf-8")
    head = text.partition("\n\n")[0]
    if f'"Language: {language.tag.replace("-", "_")}\\n"' not in head and f'"Language: {language.tag}\\n"' not in head:
        yield "its header names another language"
    found = _HEADER.search(head)
    if found is None:
        yield "its header has no Plural-Forms"
        return
    forms, counts = int(found[1]), gettext.c2py(found[2].strip().strip(";"))
    try:
        wrong = [number for number in _COUNTED if counts(number) != form_index(language, number, forms)]
    except MissingPhrase as error:
        yield str(error)
        return
    if wrong:
        yield f"its Plural-Forms put {wrong[:5]} elsewhere than the table does"


def _faults_of_review(
    language: Language, folder: Path, english: dict[str, tuple[str, tuple[str, ...]]]
) -> Iterator[str]:
    try:
        signed = read_review(folder / language.tag)
    except BrokenReview as error:
        yield str(error)
        return
    yield from (f"{language.tag}/review.json: {key} does not exist" for key in sorted(signed.keys() - english.keys()))
