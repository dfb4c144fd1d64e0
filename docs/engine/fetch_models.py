"""Fetches the engine's models, and translates one line each way so that nothing is missing when its network is gone.

Run by the engine's own Python, with a network and before any word is there: `fetch_models.py en,fr,es`. The models that
find the ends of sentences lie apart, and those of some languages are fetched only with the first text.
"""

import sys

from argostranslate import translate
from libretranslate.init import check_and_install_models
from libretranslate.language import iso2model

LINE = "Good morning. It rains."


def main() -> int:
    """0: every direction answered. 1: one did not, and its name is printed."""
    wanted = sys.argv[1].split(",")
    check_and_install_models(force=True, load_only_lang_codes=wanted)
    by_code = {language.code: language for language in translate.get_installed_languages()}
    missing = []
    for code in iso2model([tag for tag in wanted if tag != "en"]):
        for source, target in ((code, "en"), ("en", code)):
            if not _answers(by_code, source, target):
                missing.append(f"{source} -> {target}")
    print("\n".join(f"does not translate: {pair}" for pair in missing) or "All of them translate. Cut the network now.")
    return 1 if missing else 0


def _answers(by_code: dict[str, translate.Language], source: str, target: str) -> bool:
    try:
        found = by_code[source].get_translation(by_code[target])
        return bool(found.translate(LINE))
    except Exception as error:
        print(type(error).__name__, error)
        return False


if __name__ == "__main__":
    sys.exit(main())
