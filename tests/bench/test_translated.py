"""Holds what the bench of a translated talk says of its own pairs to the arithmetic it names."""

from __future__ import annotations

import pytest

from bench.relay.translated import FEWEST, main, middle


@pytest.mark.parametrize(
    ("number", "at"),
    [(6, 0), (8, 0), (9, 1), (15, 3), (20, 5), (40, 13)],  # the tables of the sign test at 5 %
)
def test_the_middle_lies_between_the_pairs_that_the_tables_name(number: int, at: int) -> None:
    ratios = [float(each) for each in reversed(range(number))]

    median, low, high = middle(ratios)

    assert median == (number - 1) / 2
    assert (low, high) == (at, number - 1 - at)


def test_of_too_few_pairs_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--pairs", str(FEWEST - 1)])
    assert "nothing can be said" in capsys.readouterr().err
