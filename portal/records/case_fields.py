"""Declares what a case and a person in it may say: fields and their codes, in the field's own words.

As with the record of a contact this list is the whole of it, and a code is never given a second meaning. What the
exchange standard calls each of them stands in `portal.records.htcds`.
"""

from collections.abc import Mapping
from typing import Final, Literal

from portal.records.fields import BY_NAME, Field

# Venues: the typology of twenty-five of Polaris (2017), and three that lines in Canada meet besides.
VENUES: Final = (
    *("escort", "massage", "outdoor", "residential", "bar", "pornography", "personal_servitude", "remote_sexual"),
    *("domestic", "sales_crew", "food_service", "begging", "agriculture", "beauty", "construction", "hotel"),
    *("landscaping", "illicit", "entertainment", "cleaning", "factory", "carnival", "forestry", "health_care"),
    *("recreation", "temp_agency", "food_processing", "caregiving", "other"),
)
# Means of control and ways of recruiting: the lists of the Human Trafficking Case Data Standard.
CONTROLS: Final = (
    *("debt", "earnings", "finances", "threats", "psychological", "physical", "sexual", "promises", "substances"),
    *("movement", "medical", "hours", "children", "law", "necessities", "documents", "other"),
)
RECRUITED: Final = (
    *("abduction", "school", "family", "internet", "marriage_broker", "partner", "job_offer", "benefactor"),
    *("public_area", "accommodation", "shelter", "smuggling", "work", "other"),
)

LIKELY: Final = ("none", "possible", "potential")  # in this order
CASE_FIELDS: Final[tuple[Field, ...]] = (
    Field("likelihood", LIKELY),
    Field("kind", BY_NAME["kind"].listed),
    Field("region", shape="region"),
    Field("venues", VENUES, "many"),
    Field("control", CONTROLS, "many"),
    Field("recruited", RECRUITED, "many"),
)

ROLES: Final = ("potential_victim", "suspected_person")
PERSON_FIELDS: Final[tuple[Field, ...]] = (
    Field("role", ROLES),
    Field("age", BY_NAME["age"].listed),
    Field("gender", ("woman", "man", "trans_woman", "trans_man", "non_binary", "two_spirit", "other")),
    Field("languages", shape="tongues"),
    Field("standing", ("citizen", "resident", "worker", "student", "visitor", "claimant", "none", "other")),
    Field("needs", BY_NAME["needs"].listed, "many"),
    Field(
        "relation",
        ("self", "partner", "family", "friend", "employer", "recruiter", "landlord", "co_worker", "stranger", "other"),
    ),
)

# Words of our own, and how many letters each may have. What names somebody is in neither of the first two.
CASE_WORDS: Final[Mapping[str, int]] = {"situation": 800, "plan": 400, "closure": 280}
PERSON_WORDS: Final[Mapping[str, int]] = {"description": 400}
NAMES: Final[Mapping[str, int]] = {"name": 120, "reach": 200, "place": 200, "other_names": 200}

# Who may be trafficked: a supervisor is brought in, at once where somebody says so, within the shift where it may be.
SPEEDS: Final[Mapping[str, Literal["", "now", "shift"]]] = {"potential": "now", "possible": "shift"}

# The likelihood of a case, from field 3 of the record it began with.
FROM_RECORD: Final[Mapping[str, str]] = {"none": "none", "possible": "possible", "yes": "potential"}
