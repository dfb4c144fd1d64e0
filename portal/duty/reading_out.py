"""Says a fact of a case in the desk's language, as it is read out or stands in a file."""

from collections.abc import Callable

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.duty.telling import Fact
from portal.records.form import tongue_names


def reading(catalogue: Catalogue, tongue: str) -> Callable[[Fact], str]:
    """What says a fact in this language."""
    language, named = LANGUAGES[tongue], tongue_names(tongue)

    def phrase(key: str) -> str:
        return catalogue.phrase(language, key)

    def said(fact: Fact) -> str:
        if fact.field is None:
            return f"{phrase(f'cases.word.{fact.name}')}: {fact.words}"
        match fact.field.shape, fact.name:
            case "region", _:
                words = [phrase(f"region.{code}") for code in fact.codes]
            case "tongues", _:
                words = [named(code) for code in fact.codes]
            case _, "kind" | "age" | "needs":
                words = [phrase(f"records.{fact.name}.{code}") for code in fact.codes]
            case _:
                words = [phrase(f"cases.{fact.name}.{code}") for code in fact.codes]
        return f"{phrase(f'cases.field.{fact.name}')}: {', '.join(words)}"

    return said
