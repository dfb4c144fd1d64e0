"""Reads from a form that stands there again what its page is drawn by."""

from typing import Final

from tips.asked import NOTE
from tips.pages.carried import FormAgain
from tips.tip import Path, Urgency

_ABOUT: Final = next(ask for ask in NOTE if ask.fact == "path")
_SOON: Final = next(ask for ask in NOTE if ask.fact == "urgency")


def path_of(again: FormAgain) -> Path:
    """How near she is to it, as far as she tapped that."""
    return Path(_ABOUT.values.get(again.typed.get("about", ""), ""))


def is_now(again: FormAgain) -> bool:
    """Whether she tapped that it happens now."""
    return _SOON.values.get(again.typed.get("soon", "")) == Urgency.NOW
