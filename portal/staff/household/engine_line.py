"""Says in one line how the engine that translates is, and which languages it has; for whoever works at the desk."""

from dataclasses import dataclass
from datetime import datetime

from i18n.languages import LANGUAGES
from portal.services import Services


@dataclass(frozen=True)
class EngineLine:
    """How it is and since when; `has`: the tags it translates into the reader's language, `lacks` the others."""

    state: str
    since: datetime
    name: str
    is_third_party: bool
    has: tuple[str, ...]
    lacks: tuple[str, ...]


async def engine_line(services: Services, target: str) -> EngineLine:
    """The line as this process last knew it; the engine is asked behind it, and the next page says what it answers."""
    translator = services.translator
    pairs = await translator.known_pairs()
    health = translator.state()
    others = [tag for tag in LANGUAGES if tag != target]
    has = tuple(tag for tag in others if (tag, target) in pairs)
    lacks = tuple(tag for tag in others if tag not in has)
    return EngineLine(health.state.value, health.since, translator.name, translator.is_third_party, has, lacks)
