"""Says what the Human Trafficking Case Data Standard (IOM, field reference read 2026-11) calls each field and choice.

Tables of the standard begin with `cas_` (case), `vic_` (victim), `per_` (perpetrator), `prs_` (person), `hte_` (event).
What has no counterpart there says why, in a word of `Why`; whoever exports leaves it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.records.case_fields import CASE_FIELDS
from portal.records.case_words import CaseBody, Status


class Why(StrEnum):
    """Why something of ours has no field or no value in the standard."""

    NO_FIELD = "no_field"  # the standard has no field for it
    NO_VALUE = "no_value"  # its list has no word for it, nor one that says as much
    PROCESS = "process"  # it is about our work, not about the case
    WORDS = "words"  # words of our own, which leave the house by a consent alone
    NAMES = "names"  # it names somebody


@dataclass(frozen=True)
class Code:
    """A field of the standard, and the value in it; without a value, ours is put in as it is."""

    field: str
    value: str = ""


Mapped = Sequence[Code] | Why

_LABOUR, _SEX = "vic_TypeOfLabourExploitation", "vic_TypeOfSexExploitation"
_CONTROL, _RECRUITED = "vic_MethodsOfControl", "vic_MethodOfRecruitment"


def _all(field: str, **values: str) -> dict[str, Mapped]:
    return {ours: (Code(field, theirs),) for ours, theirs in values.items()}


STATUS: Final[Mapping[Status, Mapped]] = {
    "active": (Code("cas_Status", "Active"),),
    "followup": (Code("cas_Status", "FollowUp"),),
    "closed": (Code("cas_Status", "Closed"),),
    "referred": (Code("cas_Status", "ClosedReferred"),),
    "merged": Why.PROCESS,
}

# Each choice of each field; of one whose choices are put in as they are, the field itself under an empty choice.
CASE: Final[Mapping[str, Mapping[str, Mapped]]] = {
    "likelihood": {"": Why.NO_FIELD},  # a case of theirs is one
    "kind": {
        "sex": (Code(_SEX),),
        "labour": (Code(_LABOUR),),
        "both": (Code(_SEX), Code(_LABOUR)),
        "other": Why.NO_VALUE,
    },
    "region": {"": (Code("hte_State"), Code("hte_Country"))},  # ISO 3166-2, and its country
    "venues": {
        **_all(_SEX, escort="Prostitution", massage="Prostitution", outdoor="Prostitution", residential="Prostitution"),
        **_all(_SEX, bar="Prostitution", pornography="Pornography", personal_servitude="PrivateSexualServices"),
        **_all(_SEX, remote_sexual="RemoteInteractiveServices"),
        **_all(_LABOUR, domestic="DomesticWork", sales_crew="Peddling", food_service="Hospitality", begging="Begging"),
        **_all(_LABOUR, agriculture="Agriculture", beauty="Other", construction="Construction", hotel="Hospitality"),
        **_all(_LABOUR, landscaping="Other", illicit="IllicitActivities", entertainment="Other", cleaning="Other"),
        **_all(_LABOUR, factory="Manufacturing", carnival="Other", forestry="Other", health_care="Other"),
        **_all(
            _LABOUR, recreation="Other", temp_agency="Other", food_processing="Manufacturing", caregiving="DomesticWork"
        ),
        "other": Why.NO_VALUE,  # of which of the two lists nobody said
    },
    "control": {
        **_all(_CONTROL, debt="DebtBondage", earnings="TakesEarnings", finances="RestrictsFinancialAccess"),
        **_all(_CONTROL, threats="Threats", psychological="PsychologicalAbuse", physical="PhysicalAbuse"),
        **_all(_CONTROL, sexual="SexualAbuse", promises="FalsePromises", substances="PsychoactiveSubstances"),
        **_all(_CONTROL, movement="RestrictsMovement", medical="RestrictsMedicalCare", hours="ExcessiveWorkingHours"),
        **_all(_CONTROL, children="UsesChildren", law="ThreatOfLawEnforcement", necessities="WithholdsNecessities"),
        **_all(_CONTROL, documents="WithholdsDocuments", other="Other"),
    },
    "recruited": {
        **_all(_RECRUITED, abduction="Abduction", school="Educational Facility", family="Familial"),
        **_all(_RECRUITED, internet="Internet (social media, online advertisement)"),
        **_all(_RECRUITED, marriage_broker="International Marriage Broker (IMB)"),
        **_all(_RECRUITED, partner="Intimate partner/marriage proposition", job_offer="Job offer/advertisement"),
        **_all(_RECRUITED, benefactor="Posing as Benefactor", public_area="Public Area"),
        **_all(_RECRUITED, accommodation="Offer of Accommodation", shelter="Shelter", smuggling="Smuggling, ransom"),
        **_all(_RECRUITED, work="Work", other="Other"),
    },
}

# What the short record of a contact can say of a case, in the same words.
RECORD: Final[Mapping[str, Mapping[str, Mapped]]] = {"kind": CASE["kind"], "region": CASE["region"]}

PERSON: Final[Mapping[str, Mapping[str, Mapped]]] = {
    "role": {"potential_victim": (Code("vic_"),), "suspected_person": (Code("per_"),)},  # in which table she stands
    "age": {"": Why.NO_FIELD},  # a birthdate there, which is never asked for here
    "gender": {
        "woman": (Code("prs_Gender", "Female"),),
        "man": (Code("prs_Gender", "Male"),),
        **_all("prs_Gender", trans_woman="Transgender/NonConforming", trans_man="Transgender/NonConforming"),
        **_all("prs_Gender", non_binary="Transgender/NonConforming", two_spirit="Transgender/NonConforming"),
        "other": (Code("prs_Gender", "Transgender/NonConforming"),),
    },
    "languages": {"": Why.NO_FIELD},
    "standing": {"": Why.NO_FIELD},  # a nationality there, which is not a status
    "needs": {"": Why.NO_FIELD},
    "relation": {"": Why.NO_FIELD},
}

WORDS: Final[Mapping[str, Mapped]] = {
    "situation": (Code("hte_Description"),),
    "plan": Why.PROCESS,
    "closure": (Code("cas_ReasonForCaseClosure"),),
    "description": Why.WORDS,
    "name": Why.NAMES,  # one text here, three fields there: nobody cuts a name in pieces
    "reach": Why.NAMES,
    "place": Why.NAMES,
    "other_names": Why.NAMES,
}

# The three words for what is missing. Their lists know one, and only where it stands here.
MISSING: Final[Mapping[str, Mapped]] = {
    "unknown": (Code("prs_Gender", "Unknown"), Code(_RECRUITED, "Unknown")),
    "undisclosed": Why.NO_VALUE,
    "na": Why.NO_VALUE,
}


def codes_of(mapping: Mapping[str, Mapping[str, Mapped]], field: str, choice: str) -> Sequence[Code]:
    """What the standard calls this choice of this field; nothing, where it has no word for it."""
    if choice in MISSING:
        known = MISSING[choice]
        theirs = {code.field for codes in mapping[field].values() if not isinstance(codes, Why) for code in codes}
        return () if isinstance(known, Why) else [code for code in known if code.field in theirs]
    of = mapping[field]
    mapped = of.get(choice, of.get("", Why.NO_VALUE))
    return () if isinstance(mapped, Why) else mapped


def said_as(body: CaseBody) -> list[tuple[str, str]]:
    """What a case says in the words of the standard: its fields, and values or, where ours are put in, our own."""
    said: dict[tuple[str, str], None] = {}
    for field in CASE_FIELDS:
        for choice in body.all_of(field.name):
            for code in codes_of(CASE, field.name, choice):
                said[code.field, code.value or choice] = None
    return list(said)
