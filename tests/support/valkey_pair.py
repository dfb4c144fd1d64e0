"""Starts the house's two Valkeys beside it and not by it, so that a second server can join them."""

from __future__ import annotations

from pathlib import Path

from portal.store.embedded import EmbeddedValkey


def started_pair(data: Path) -> dict[str, EmbeddedValkey]:
    """Both stores of the house whose data folder this is, `durable` and `ember`, ready to be asked."""
    run = data / "run"
    run.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    pair = {
        "durable": EmbeddedValkey("durable", run=run, folder=data / "durable"),
        "ember": EmbeddedValkey("ember", run=run, folder=None),
    }
    for each in pair.values():
        each.start()
    for each in pair.values():
        each.wait_until_ready()
    return pair
