"""Languages of First Peoples whose words their own communities write: each has a line here and no folder from us.

A language is served once it has a folder with words (docs/translation.md, "Languages of First Peoples"). Dialects stand
by their own tags, not by the one of a whole family: Plains Cree is not read by somebody who reads Atikamekw.
"""

from __future__ import annotations

from typing import Final

from i18n.language import Language

# Own names only where a source has them: CLDR 46 (iu, csw, mic, moh), and for Inuinnaqtun and Inuktitut in Latin
# letters the Official Languages Act of Nunavut. The others are for their communities to give; a language without a name
# is not shown. Forms are CLDR's (iu, csw, moh ...), or one plain form where CLDR has none. All run from left to right.
COMMUNITIES: Final = (
    Language("iu-Cans", "ᐃᓄᒃᑎᑐᑦ", "ltr", ("one", "two", "other"), script="Cans"),
    Language("iu-Latn", "Inuktitut", "ltr", ("one", "two", "other"), script="Latn"),
    Language("ikt", "Inuinnaqtun", "ltr", ("other",), script="Latn"),
    Language("crk-Cans", "", "ltr", ("other",), script="Cans"),  # Plains Cree, in syllabics
    Language("crk-Latn", "", "ltr", ("other",), script="Latn"),  # Plains Cree, in Latin letters
    Language("cwd", "", "ltr", ("other",), script="Cans"),  # Woods Cree
    Language("csw", "ᓀᐦᐃᓇᐍᐏᐣ", "ltr", ("one", "other"), script="Cans"),  # Swampy Cree
    Language("crm", "", "ltr", ("other",), script="Cans"),  # Moose Cree
    Language("crl", "", "ltr", ("other",), script="Cans"),  # Northern East Cree
    Language("crj", "", "ltr", ("other",), script="Cans"),  # Southern East Cree
    Language("atj", "", "ltr", ("other",), script="Latn"),  # Atikamekw
    Language("moe", "", "ltr", ("other",), script="Latn"),  # Innu
    Language("ojs", "", "ltr", ("other",), script="Cans"),  # Oji-Cree
    Language("ojb", "", "ltr", ("other",), script="Cans"),  # Northwestern Ojibwe
    Language("ojc", "", "ltr", ("other",), script="Latn"),  # Central Ojibwe
    Language("ojg", "", "ltr", ("other",), script="Latn"),  # Eastern Ojibwe
    Language("ojw", "", "ltr", ("other",), script="Latn"),  # Western Ojibwe
    Language("otw", "", "ltr", ("other",), script="Latn"),  # Odawa
    Language("ciw", "", "ltr", ("other",), script="Latn"),  # Southwestern Ojibwe, Chippewa
    Language("mic", "Lʼnuiʼsuti", "ltr", ("other",), script="Latn"),
    Language("moh", "Kanienʼkéha", "ltr", ("other",), script="Latn"),
)
