"""Says one service as a card: plain lines in the language of the person it is for, numbers as text, never as a link."""

from collections.abc import Iterable
from typing import Final

from i18n import formats
from i18n.catalogue import Catalogue, fill
from i18n.communities import COMMUNITIES
from i18n.languages import LANGUAGES, Language
from i18n.naming import name_in
from i18n.spoken import SPOKEN
from portal.directory.book import Listed
from portal.directory.entry import Open, Phone, Service
from portal.directory.phones import shown

# Left-to-right isolate and its end: a number inside words of the other direction keeps its order.
_NUMBER: Final = "\u2066{}\u2069"
# First strong isolate: a name, in whatever writing it is.
_NAME: Final = "\u2068{}\u2069"


class Cards:
    """Writes cards in the languages of the site. `country`: from where the numbers are dialled."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def text(self, language: Language, at: Listed, country: str) -> str:
        """The card. An address stands in it only where the entry says that it may be given out."""

        def say(key: str, **values: object) -> str:
            return self._catalogue.phrase(language, f"services.card.{key}", **values)

        service = at.service
        lines = [say("intro"), "", service.name]
        if at.organisation.name != service.name:
            lines.append(at.organisation.name)
        if service.is_partner:
            lines.append(say("partner"))
        lines += ["", *self._about(language, service)]
        lines += [self._phone(language, phone, country) for phone in service.phones if phone.kind != "fax"]
        lines += [each for each in (self._hours(language, service), self._speaks(language, service)) if each]
        if service.interprets:
            lines.append(say("interprets"))
        if service.cost:
            lines.append(say(service.cost))
        if service.address and service.shows_address:
            lines.append(say("address", address=_NAME.format(" ".join(service.address.split()))))
        if service.website:
            lines.append(say("website", address=_NUMBER.format(service.website)))
        lines += self._original(language, service, service.safe_ways)
        lines += ["", say("together"), say("choose")]
        return "\n".join(lines)

    def _about(self, language: Language, service: Service) -> list[str]:
        words, tag = service.about_in(language.tag)
        if not words:
            return []
        return [words] if tag == language.tag else [self._only_in(language, tag), words]

    def _original(self, language: Language, service: Service, words: str) -> list[str]:
        """Words that stand there in the entry's own language alone."""
        if not words or service.original == language.tag:
            return [words] if words else []
        return [self._only_in(language, service.original), words]

    def _only_in(self, language: Language, tag: str) -> str:
        named = LANGUAGES[tag].own_name if tag in LANGUAGES else tag
        words = self._catalogue.words(language, "services.card.original")
        return fill(words, {"language": _NAME.format(named)})

    def _phone(self, language: Language, phone: Phone, country: str) -> str:
        kind = {"text": "text", "tty": "tty"}.get(phone.kind, "phone")
        number = _NUMBER.format(shown(phone.number, country))
        line = self._catalogue.phrase(language, f"services.card.{kind}", number=number)
        if not phone.extension:
            return line
        more = self._catalogue.phrase(language, "services.card.extension", n=_NUMBER.format(phone.extension))
        return f"{line} ({more})"

    def _hours(self, language: Language, service: Service) -> str:
        if service.is_always:
            return self._catalogue.phrase(language, "services.card.always")
        if not service.hours:
            return ""
        said = "; ".join(hours_in(language, service.hours))
        return self._catalogue.phrase(language, "services.card.hours", hours=said)

    def _speaks(self, language: Language, service: Service) -> str:
        if not service.languages:
            return ""
        return self._catalogue.phrase(language, "services.card.speaks", languages=tongues_in(service.languages))


def hours_in(language: Language, hours: Iterable[Open]) -> list[str]:
    """Each piece of the week in words of this language."""
    said = []
    for each in hours:
        days = ", ".join(formats.weekday(language, day) for day in each.days)
        times = "–".join(formats.clock(language, minutes) for minutes in (each.opens, each.closes))
        said.append(f"{days} {_NUMBER.format(times)}")
    return said


_COMMUNITIES: Final = {each.tag: each.own_name for each in COMMUNITIES}


def tongues_in(tags: Iterable[str]) -> str:
    """The languages by their own names: who speaks one finds it so in any list."""
    return ", ".join(_NAME.format(own_name(tag)) for tag in tags)


def own_name(tag: str) -> str:
    """What a language calls itself; its English name where its community has told us none."""
    if tag in SPOKEN:
        return SPOKEN[tag].own_name
    own = LANGUAGES[tag].own_name if tag in LANGUAGES else _COMMUNITIES.get(tag, "")
    return own or name_in(tag, "en")
