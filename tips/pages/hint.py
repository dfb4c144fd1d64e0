"""Says in a language, to somebody who seems to write in it, that the page can be shown in it."""

from dataclasses import dataclass

from msgspec.structs import replace

from i18n.languages import LANGUAGES, Language
from portal.services import Services
from tips.pages.carried import FormAgain


@dataclass(frozen=True)
class Hint:
    """What is said: whether it is that language, and the taps that show the page in it or do not."""

    language: Language
    ask: str
    show: str
    no: str


def hint_in(services: Services, tag: str) -> Hint | None:
    """The words for a tag that was guessed; None for an empty one, and for a language that is no longer served."""
    language = LANGUAGES.get(tag)
    if language is None:
        return None
    phrase = services.pages.catalogue.phrase
    return Hint(language, *(phrase(language, key) for key in ("tongues.ask", "tongues.show", "cards.choice.no")))


async def hinted(services: Services, language: Language, again: FormAgain) -> FormAgain:
    """The form with what is to be said of the language of its words; once for all its pages."""
    if again.is_hinted:
        return replace(again, guess="")
    guess = await services.guesses.soon(language.tag, again.typed.get("words", ""))
    return replace(again, guess=guess, is_hinted=bool(guess))
