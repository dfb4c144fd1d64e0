"""Says what whoever took a thing of this house now has, and what to do first; the long table is docs/seized.md."""

from typing import Final

TAKEN: Final = ("server_off", "server_on", "desk_open", "desk_locked", "passphrase", "sheet", "backup")
"""Each by what it is called, what it gives, what it does not give and what to do: `pdesk.lost.` and this name."""

PARTS: Final = ("gives", "not", "do")
