"""The words that would give the site away to whoever glances at an address, a tab or a list of files."""

from __future__ import annotations

import re

# Stems in the languages served: an address or a field's name may hold none of them, whatever the page's language.
SENSITIVE = (
    "traffick",
    "victim",
    "survivor",
    "police",
    "abuse",
    "violen",
    "hotline",
    "helpline",
    "help",
    "rescue",
    "shelter",
    "refuge",
    "crisis",
    "emergency",
    "crime",
    "slave",
    "exploit",
    "prostit",
    "porchlight",
    "tipline",
    "anonym",
    "report",
    "danger",
    "urgen",
    "secret",
    "traite",
    "aide",
    "secours",
    "maltrait",
    "victime",
    "trata",
    "ayuda",
    "socorro",
    "policia",
    "policía",
    "víctima",
    "abuso",
    "peligro",
    "اتجار",
    "ضحي",
    "شرطة",
    "مساعدة",
    "عنف",
    "خطر",
)


def sensitive_in(text: str) -> list[str]:
    """The stems that stand in the text, small and large letters alike."""
    low = re.sub(r"[-_./?=&%]", " ", text.lower())
    return [stem for stem in SENSITIVE if re.search(rf"(?<![^\W\d_]){re.escape(stem)}", low)]
