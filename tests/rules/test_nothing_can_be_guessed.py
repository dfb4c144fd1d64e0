"""Holds the whole source to drawing what somebody might guess from the machine's own randomness, and from no other."""

from __future__ import annotations

from tests.support.source import imports, modules

# Draws what nobody has to guess: how long to wait, whom a lottery takes, what a demonstration says.
MAY_DRAW_OTHERWISE = ("portal.demo", "portal.demo_people")


def test_nothing_is_drawn_from_a_generator_that_can_be_guessed() -> None:
    drawing = [module.name for module in modules() if "random" in imports(module)]

    assert [name for name in drawing if name not in MAY_DRAW_OTHERWISE] == []
