"""What a test knows of a sealed format: how it is made, how it is opened, and where its golden bytes lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

GOLDEN = Path(__file__).parents[2] / "golden"


@dataclass(frozen=True)
class Format:
    """`read(sealed, **changed)` gives `holds`; with any one entry of `wrong` as `changed` it must refuse."""

    name: str
    make: Callable[[], bytes]
    read: Callable[..., object]
    holds: object
    wrong: Mapping[str, object] = field(default_factory=dict)

    def golden(self) -> bytes:
        """The bytes that were sealed when this format was made."""
        return bytes.fromhex((GOLDEN / f"{self.name}.hex").read_text("ascii"))
