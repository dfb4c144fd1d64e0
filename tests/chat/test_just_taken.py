"""What a line remembers of words that may be taken back: for their time, and at a cost that does not grow with them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from chat.withdrawing import REMEMBERED_S as LASTS, JustTaken

_words = st.tuples(st.sampled_from([b"one", b"two"]), st.integers(1, 4))


@given(st.lists(st.tuples(_words, st.floats(0, 2 * LASTS)), max_size=30))
def test_words_may_go_for_their_time_counted_from_when_they_were_first_taken(
    taken: list[tuple[tuple[bytes, int], float]],
) -> None:
    memory, first, now = JustTaken(), dict[tuple[bytes, int], float](), 0.0
    for words, later in taken:
        now += later
        first = {each: at for each, at in first.items() if now - at <= LASTS}
        first.setdefault(words, now)
        memory.remember(words, now)
        for each in {words for words, _ in taken}:
            assert memory.may_go(each, now) == (each in first)
        assert len(memory) == len(first), "what is over is forgotten"


def test_a_word_more_is_not_paid_for_by_all_before_it() -> None:
    class Counted(JustTaken):
        looks = 0

        def may_go(self, words: tuple[bytes, int], now: float) -> bool:
            self.looks += 1
            return super().may_go(words, now)

    memory = Counted()
    for number in range(1_000):
        memory.remember((b"one", number), number / 1_000)
    assert memory.looks <= 1_000
    memory.remember((b"one", 1_000), 2 * LASTS)
    assert memory.looks <= 2_001
    assert len(memory) == 1
