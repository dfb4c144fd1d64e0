"""Decides when an engine that fails is left alone, and when one question may try it again."""

from __future__ import annotations

from typing import Final

OPENS_AFTER: Final = 5
RESTS_S: Final = 30.0


class Breaker:
    """Counts failures in a row. Moments are seconds of one clock that only goes forward.

    After `OPENS_AFTER` of them it is open: nothing is asked for `RESTS_S`; then one question is the probe, and whatever
    becomes of it closes or opens it again. Whoever is told `may_ask` says what became of it.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._shut_until = 0.0
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether the engine is left alone, or tried by a probe."""
        return self._failures >= OPENS_AFTER

    def is_resting(self, at: float) -> bool:
        """Whether a question would be refused now. Changes nothing."""
        return self.is_open and at < self._shut_until

    def may_ask(self, at: float) -> bool:
        """Whether a question may go; of an open breaker whose rest is over, the first that asks is the probe."""
        if self.is_resting(at):
            return False
        if self.is_open:
            # The others wait for what becomes of it, and no longer than another rest: it may never be told.
            self._is_probing, self._shut_until = True, at + RESTS_S
        return True

    def answered(self) -> None:
        """The engine is there."""
        self._failures, self._is_probing = 0, False

    def failed(self, at: float) -> None:
        """It is not, or of no use. What was under way already when it opened does not lengthen the rest."""
        was_open = self.is_open
        self._failures += 1
        if self._is_probing or (self.is_open and not was_open):
            self._is_probing, self._shut_until = False, at + RESTS_S
