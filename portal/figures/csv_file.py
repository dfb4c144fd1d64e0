"""Writes what is shown as a file for table programs: one line for each count, by codes that stay the same."""

from collections.abc import Iterator, Sequence

from portal.figures.book import Shown
from portal.figures.funder import Report
from portal.figures.shape import PUBLIC_TOTALS, TABLES, TOTALS
from portal.web.csv_cells import written

HEAD = ("span", "closed", "small_under", "table", "row", "count")


def csv_of(shown: Sequence[Shown]) -> str:
    """Every count of these spans that the public page shows. What is not shown has no line but `rest`, where it is
    known as a sum.
    """
    return written([HEAD, *_lines(shown, is_public=True)])


def report_file(report: Report, shown: Sequence[Shown], rules: Sequence[tuple[str, str]]) -> str:
    """A report: how it is counted, its sums with the spans they are over, then every published count of its spans.

    What became of chats stands in it as it is kept: `waits` are numbers of steps, `asked` the first number of a band,
    `load` and `missed` levels by hour of the week. `rules`: what each says of, and the rule in words.
    """
    of = [each for each in shown if each.span in report.spans]
    lines = [("", "", "", "rule", name, words) for name, words in rules]
    for each in report.sums:
        counted = "" if not each.counted else str(each.count)
        lines.append((" ".join(each.counted), "", "", "sum", each.name, counted))
    lines += [(span, "", "", "late", "contacts", str(count)) for span, count in report.late]
    return written([HEAD, *lines, *_lines(of, is_public=False)])


def _lines(shown: Sequence[Shown], *, is_public: bool) -> Iterator[tuple[str, ...]]:
    for each in shown:
        release = each.release
        begins = each.span, each.day, str(release.floor)
        for of in PUBLIC_TOTALS if is_public else TOTALS:
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
