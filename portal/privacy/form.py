"""Reads what is typed at the privacy desk into typed values, or says which fields to mend."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from portal.privacy.kinds import BREACH_STEPS, ENDS, KINDS, STAGES, WAYS, due_on
from portal.privacy.request import VERSION, Request, Step
from portal.staff.forms import FormWrong
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

WORDS_LIMIT: Final = 2_000
WHO_LIMIT: Final = 200
FIELDS: Final = ("kind", "way", "came", "paper", "who", "words")


def read_new(form: Form, *, today: date, days: Mapping[str, int], by: str, at_ms: int) -> Request:
    """A new request. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    kind = next((each for each in KINDS if each == form.get("kind")), None)
    way = next((each for each in WAYS if each == form.get("way")), None)
    came, paper = _day(form.get("came", "")), _day(form.get("paper", ""))
    who, words = typed(form, "who"), typed(form, "words")
    if kind is None:
        wrongs["kind"] = "pdesk.wrong.kind"
    if way is None:
        wrongs["way"] = "pdesk.wrong.way"
    # East of the clock it is tomorrow already.
    if came is None or came > today + timedelta(days=1):
        wrongs["came"] = "pdesk.wrong.came"
    if form.get("paper", "").strip() and paper is None:
        wrongs["paper"] = "pdesk.wrong.paper"
    if len(who) > WHO_LIMIT:
        wrongs["who"] = "pdesk.wrong.long"
    if not 3 <= len(words) <= WORDS_LIMIT:
        wrongs["words"] = "pdesk.wrong.words"
    if wrongs or kind is None or way is None or came is None:
        raise FormWrong(wrongs)
    due = due_on(kind, came, paper, days)
    return Request(
        version=VERSION,
        kind=kind,
        way=way,
        came=came.isoformat(),
        due=due.isoformat(),
        who=who,
        words=words,
        by=by,
        at_ms=at_ms,
    )


def read_step(form: Form, request: bytes, *, by: str, at_ms: int) -> Step:
    """What was done about one, as its page posts it. Raises FormWrong."""
    what, words = form.get("what", ""), typed(form, "words")
    allowed: Mapping[str, tuple[str, ...]] = {"stage": STAGES, "ticked": BREACH_STEPS, "closed": ENDS}
    if len(words) > WORDS_LIMIT:
        raise FormWrong({"words": "pdesk.wrong.long"})
    if what in allowed and form.get("value", "") in allowed[what]:
        value = form["value"]
    elif what == "assigned":
        value = " ".join(typed(form, "value").split())[:60]
    elif what in ("note", "told") and words:
        value = ""
    else:
        raise FormWrong({"words": "pdesk.wrong.step"})
    return Step(version=VERSION, what=what, request=request, value=value, words=words, by=by, at_ms=at_ms)  # type: ignore[arg-type]  # one of the words above


def typed(form: Form, name: str) -> str:
    """One field as it is kept: plain words, their lines as they were."""
    return tidy_text(strip_markup(form.get(name, ""))).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
