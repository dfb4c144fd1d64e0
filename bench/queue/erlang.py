"""The two formulas of telephone traffic that say what a simple queue must come to (Erlang, 1917)."""


def waits(load: float, places: int) -> float:
    """The share of people who wait at all, where nobody gives up. `load`: arrivals a minute times minutes each."""
    if load >= places:
        return 1.0
    blocked = 1.0
    for place in range(1, places + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked / (1 - load / places * (1 - blocked))


def mean_wait(load: float, places: int, minutes: float) -> float:
    """How long somebody waits on average, in minutes, those who do not wait counted in."""
    return waits(load, places) * minutes / (places - load)


def places_for(load: float, minutes: float, *, within: float, share: float) -> int:
    """The fewest places at which this share is answered within so many minutes."""
    from math import exp

    places = int(load) + 1
    while 1 - waits(load, places) * exp(-(places - load) * within / minutes) < share:
        places += 1
    return places
