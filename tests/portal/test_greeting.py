"""What the person at the terminal is told, and what somebody's log is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portal.greeting import say_what_matters
from portal.settings import read_settings

CODE = "AAAAA-BBBBB-CCCCC-DDDDD"


@pytest.mark.parametrize("terminal", [True, False])
def test_the_code_is_printed_where_somebody_sits_and_nowhere_else(
    terminal: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings({"PORCHLIGHT_DATA_DIR": str(tmp_path)})
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    say_what_matters(settings, CODE)
    said = capsys.readouterr().out
    assert (CODE in said) is terminal
    assert (f"{tmp_path / 'setup-code'}" in said) is not terminal
