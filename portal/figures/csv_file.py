"""Writes what is shown as a file for table programs: one line for each count, by codes that stay the same."""

from collections.abc import Iterator, Sequence

from portal.figures.book import Shown
from portal.figures.shape import TABLES, TOTALS
from portal.web.csv_cells import written

HEAD = ("span", "closed", "small_under", "table", "row", "count")


def csv_of(shown: Sequence[Shown], *, is_public: bool) -> str:
    """Every shown count of these spans. What is not shown has no line but `rest`, where it is known as a sum.

    `is_public`: the tables of the public page alone. Else what became of chats stands in it too, as it is kept: `waits`
    are numbers of steps, `asked` the first number of a band, `load` and `missed` levels by hour of the week.
    """
    return written([HEAD, *_lines(shown, is_public)])


def _lines(shown: Sequence[Shown], is_public: bool) -> Iterator[tuple[str, ...]]:
    for each in shown:
        release = each.release
        begins = each.span, each.day, str(release.floor)
        for of in TOTALS:
            yield *begins, "total", of, str(release.totals.get(of, ""))
        for shape in TABLES:
            table = release.tables.get(shape.name)
            if table is None or (is_public and not shape.is_public):
                continue
            for row, count in table.rows.items():
                yield *begins, shape.name, row, str(count)
            if table.rest:
                yield *begins, shape.name, "rest", str(table.rest)
        if not is_public:
            for name, counts in (*sorted(release.months.items()), *sorted(release.chat.items())):
                for row, count in counts.items():
                    yield *begins, f"chat.{name}", row, str(count)
