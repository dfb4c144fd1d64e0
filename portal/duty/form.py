"""Reads a decision on a report out of the desk's form, or says what of it is missing."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from portal.consent.about import About
from portal.consent.form import person_of
from portal.consent.terms import LEVELS, Basis, Recipient, What, Whom
from portal.duty.decision import LONG, PLANS, SHORT, VERSION, Decision, wrongs
from portal.numbers import region_ids
from portal.staff.forms import FormWrong
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

TEXTS: Final = ("grounds", "harm_of_telling", "harm_of_silence")
FIELDS: Final = ("about", "row", "person", "basis", "plan", "region", "to", "name", "at_once", *TEXTS)

OFFICES: Final[Mapping[str, Recipient]] = MappingProxyType(
    {
        **{f"police.{level}": Recipient(Whom.POLICE, level) for level in LEVELS[1:]},
        **{whom.value: Recipient(whom) for whom in (Whom.CHILD_PROTECTION, Whom.EMERGENCY, Whom.COURT)},
    }
)
"""Whom an exception may reach, by their word in the form. Which police is said: one level, not any."""


def read_decision(form: Form, about: About, alias: str, day: date) -> Decision:
    """The decision. Raises FormWrong."""
    basis = next((each for each in Basis if each.value == form.get("basis", "")), None)
    plan = next((each for each in PLANS if each == form.get("plan", "")), None)
    region = form.get("region", "")
    texts = {name: _words(form, name) for name in TEXTS}
    name = " ".join(_words(form, "name").split())
    found = {field: "gate.wrong.long" for field, words in texts.items() if len(words) > LONG}
    if len(name) > SHORT:
        found["name"] = "gate.wrong.long"
    if basis is None:
        found["basis"] = "gate.wrong.basis"
    if plan is None:
        found["plan"] = "gate.wrong.plan"
    person = person_of(form.get("person", ""), about)
    if person is None:
        found["person"] = "gate.wrong.person"
    if basis is None or plan is None or person is None:
        raise FormWrong(found)
    to = OFFICES.get(form.get("to", ""))
    is_report = plan == "report"
    # Whom it does not say counts as nobody: a person with no name is not whole.
    whom = to or Recipient(Whom.PERSON)
    decision = Decision(
        version=VERSION,
        kind=about.subject.kind,
        subject=about.subject.id,
        basis=basis,
        plan=plan,
        region=region if region in region_ids() else about.region,
        whom=whom.whom if is_report else Whom.POLICE,
        to_key=whom.key if is_report else "",
        to_name=name if is_report else "",
        what=tuple(each for each in What if each.value in form.many("what")) if is_report else (),
        grounds=texts["grounds"],
        harm_of_telling=texts["harm_of_telling"],
        harm_of_silence=texts["harm_of_silence"],
        at_once=is_report and form.get("at_once", "") == "yes",
        day=day,
        by=alias,
        person=person,
    )
    found |= {field: phrase for field, phrase in wrongs(decision).items() if field not in found}
    if found:
        raise FormWrong(found)
    return decision


def _words(form: Form, name: str) -> str:
    return tidy_text(strip_markup(form.get(name, "").replace("\r\n", "\n")))
