"""Says to the person at the terminal where the house is, and what she should know about this machine."""

import sys

from portal import folder
from portal.lifeline import swap_is_on
from portal.settings import Settings


def say_what_matters(settings: Settings, code: str | None) -> None:
    """Printed once the first worker answers. `code` sets the house up; None where that was done."""
    lines = [
        "Porchlight is running.",
        f"  The site  {settings.public_origin}/",
        f"  The desk  {settings.desk_origin}/desk",
    ]
    if code is not None:
        # Where nobody sits at a terminal it would go into somebody's log: then it is said where the code lies.
        where = code if sys.stdout.isatty() else f"it is in {settings.data_dir / folder.CODE_FILE}"
        lines.append(f"  To set it up, open {settings.desk_origin}/desk/setup and type this code once: {where}")
    lines.append(f"  One write to this disk takes {folder.milliseconds_to_disk(settings.data_dir):.1f} ms.")
    if swap_is_on():
        lines.append("  Swap is on: memory may reach the disk. Turn it off, or encrypt it with a key of each start.")
    lines.append("  Ctrl-C ends it.")
    print("\n".join(lines), flush=True)
