"""Runs the real LibreTranslate with Debian's Apertium behind it: `python launcher.py --port 5000 ...`.

It needs no model and no network. The server is LibreTranslate's own, unchanged; only where it would load neural models
it is handed an engine that is there. Run by the Python of tests/libretranslate/.venv, in a scratch folder.
Apertium is no engine for people who ask for help: it makes "Me pegan" (they hit me) into "They paste me".
"""

from __future__ import annotations

import subprocess

import argostranslate.translate as argos
import libretranslate.init

NAMES = {"en": "English", "es": "Spanish"}
MODES = {("en", "es"): "eng-spa", ("es", "en"): "spa-eng"}
WITHIN_S = 20


class Apertium(argos.ITranslation):  # type: ignore[misc]  # not installed where types are looked at
    """One direction of Apertium, a process for each text."""

    def __init__(self, source: argos.Language, target: argos.Language, mode: str) -> None:
        self.from_lang = source
        self.to_lang = target
        self._mode = mode

    def hypotheses(self, text: str, num_hypotheses: int = 4) -> list[argos.Hypothesis]:
        """The text translated, as often as is asked; words it does not know come through as they are."""
        done = subprocess.run(
            ["apertium", "-u", self._mode], input=text, capture_output=True, text=True, timeout=WITHIN_S, check=True
        )
        return [argos.Hypothesis(done.stdout.strip("\n"), 0.0)] * num_hypotheses


def languages() -> list[argos.Language]:
    """Both languages, each translated into the other and into itself."""
    known = {code: argos.Language(code, name) for code, name in NAMES.items()}
    ways = [Apertium(known[source], known[target], mode) for (source, target), mode in MODES.items()]
    for way in [*ways, *(argos.IdentityTranslation(language) for language in known.values())]:
        way.from_lang.translations_from.append(way)
        way.to_lang.translations_to.append(way)
    return list(known.values())


def main() -> None:
    """Put the engine in, leave the download of models out, and start the server as its own command does."""
    ready = languages()
    argos.get_installed_languages = lambda: ready
    libretranslate.init.boot = lambda *_, **__: None
    from libretranslate.main import main as serve

    serve()


if __name__ == "__main__":
    main()
