"""Lines as a flood of scripts would write them, and the number of takes derived for the lottery among them."""

from __future__ import annotations

import math
import random

SCRIPTS = (
    "Hello, my name is {name} and I need help, my boss {boss} has taken my passport and I cannot leave ({n})",
    "i am {name}. they keep me in a house near {boss} and there are {n} of us please come quickly",
    "Can somebody talk to me about my visa? I am {name}, I work for {boss} since {n} months without any pay",
    "HELP!!! {n} {name} is in danger, the man called {boss} will not let her out of the hotel room tonight",
    "good evening i would like to report {boss} for not paying {name} and {n} other people at the farm",
)
NAMES = ("Anna", "Bo", "Christelle", "Dmitri", "Eve", "Farah", "Gus", "Hoa", "Ines", "Jo")


def scripted_line(number: int, chance: random.Random) -> str:
    """One line of the flood: one of few sentences, with a name, a number, signs and case of its own."""
    said = SCRIPTS[number % len(SCRIPTS)].format(
        name=chance.choice(NAMES), boss=chance.choice(NAMES), n=chance.randrange(10**6)
    )
    said += chance.choice(("", "!", " ...", " \N{PERSON WITH FOLDED HANDS}", "??"))
    return chance.choice((said, said.upper(), said.lower()))


def takes_within(probability: float, *, lots: int, ahead: int, is_behind_a_flooded_tier: bool = False) -> int:
    """Within how many takes in turn somebody is taken with this probability: docs/decisions/0012.

    `lots`: the most lots there are at any of the draws, hers among them; `ahead`: how many rows stand before her.
    """
    each = 4 if is_behind_a_flooded_tier else 2
    draws = 1 if lots <= 1 else math.ceil(math.log(1 - probability) / math.log(1 - 1 / lots))
    return min(draws * each, 2 * ahead + 1)
