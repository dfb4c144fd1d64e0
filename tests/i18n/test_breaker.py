"""An engine that fails is left alone for a while, then tried by one question."""

from __future__ import annotations

from i18n.breaker import OPENS_AFTER, RESTS_S, Breaker


def opened(at: float) -> Breaker:
    breaker = Breaker()
    for _ in range(OPENS_AFTER):
        assert breaker.may_ask(at)
        breaker.failed(at)
    return breaker


def test_it_opens_after_five_failures_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(OPENS_AFTER - 1):
        breaker.failed(0)
    breaker.answered()
    for _ in range(OPENS_AFTER - 1):
        breaker.failed(0)
    assert breaker.may_ask(0)

    breaker.failed(0)

    assert breaker.is_open
    assert not breaker.may_ask(RESTS_S - 0.1)


def test_after_the_rest_one_question_is_the_probe() -> None:
    breaker = opened(at=100)

    assert [breaker.may_ask(100 + RESTS_S) for _ in range(3)] == [True, False, False]


def test_a_probe_that_is_answered_closes_it_and_one_that_fails_opens_it_again() -> None:
    for is_answered in (True, False):
        breaker = opened(at=0)
        assert breaker.may_ask(40)
        if is_answered:
            breaker.answered()
        else:
            breaker.failed(45)

        assert breaker.may_ask(45 + RESTS_S - 1) is is_answered
        assert breaker.may_ask(45 + RESTS_S)


def test_what_was_under_way_when_it_opened_does_not_lengthen_the_rest() -> None:
    breaker = opened(at=0)

    breaker.failed(8)

    assert breaker.may_ask(RESTS_S)


def test_a_probe_that_nobody_tells_of_does_not_shut_it_for_ever() -> None:
    breaker = opened(at=0)
    assert breaker.may_ask(RESTS_S)

    assert not breaker.may_ask(2 * RESTS_S - 1)
    assert breaker.may_ask(2 * RESTS_S)
