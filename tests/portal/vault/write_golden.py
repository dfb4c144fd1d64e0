"""Run as a module, writes the golden files that are missing; one that is there is never touched."""

from __future__ import annotations

from tests.portal.vault.a_format import GOLDEN
from tests.portal.vault.formats import ALL


def write_missing_golden_files() -> list[str]:
    """Write what is missing, and only that; gives the names."""
    written = []
    for each in ALL:
        path = GOLDEN / f"{each.name}.hex"
        if not path.exists():
            path.write_text(each.make().hex() + "\n", "ascii")
            written.append(each.name)
    return written


if __name__ == "__main__":
    print("\n".join(write_missing_golden_files()))
