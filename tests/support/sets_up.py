"""Sets up a house that somebody else started, as its operator would.

    python -m tests.support.sets_up PORT DESK_PORT CODE

Prints her three sheets, a line each. Run inside the lines of the machine the house is on.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.support.desk_people import set_up
from tests.support.house import House


class HouseThere(House):
    """A house by its ports and its code alone."""

    code = ""

    def setup_code(self) -> str:
        """What the operator read in the data folder."""
        return self.code


def main() -> int:
    """0 once it is set up."""
    with tempfile.TemporaryDirectory() as folder:
        house = HouseThere(Path(folder))
        house.port, house.desk_port, house.code = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
        first = set_up(house)
        print("\n".join(first.sheets))
        first.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
