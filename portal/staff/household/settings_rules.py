"""Lists what an administrator may set at the desk, group by group, with the range that is safe for a house at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from portal.readings import exit_urls
from portal.settings import BadSetting, Settings, checked

Unit = Literal["seconds", "minutes", "hours", "days", "count"]


@dataclass(frozen=True)
class Rule:
    """One number: the setting's field, what it counts, and the least and the most that may be set here.

    A server's own file may say less or more: whoever writes that knows what she does at ten in the morning.
    """

    field: str
    unit: Unit
    least: int
    most: int

    def read(self, typed: str) -> int:
        """The number. Raises ValueError for what is none, or is out of the range."""
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1
        if not self.least <= number <= self.most:
            raise ValueError("out of range")
        return number


# Group -> its numbers, in the order of the page.
GROUPS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "waiting": (
        Rule("choice_minutes", "minutes", 1, 60),
        Rule("speakers_first_seconds", "seconds", 0, 120),
        Rule("silent_minutes", "minutes", 10, 60),
        Rule("comeback_hours", "hours", 1, 48),
    ),
    "desk": (
        Rule("chat_capacity", "count", 1, 6),
        Rule("on_call_capacity", "count", 1, 6),
        Rule("heavy_places", "count", 1, 5),
        Rule("hard_wrap_up_minutes", "minutes", 0, 60),
        Rule("wrap_up_minutes", "minutes", 5, 240),
        Rule("desk_idle_minutes", "minutes", 6, 60),
        Rule("desk_hours", "hours", 2, 12),
        Rule("openings_an_hour", "count", 5, 500),
        Rule("reading_minutes", "minutes", 0, 720),
    ),
    "calls": (
        Rule("unclaimed_seconds", "seconds", 10, 600),
        Rule("ladder_seconds", "seconds", 20, 900),
        Rule("unanswered_seconds", "seconds", 10, 600),
        Rule("unanswered_tell_seconds", "seconds", 20, 900),
        Rule("own_chat_minutes", "minutes", 0, 1440),
        Rule("digest_minutes", "minutes", 60, 1440),
        Rule("key_overdue_days", "days", 1, 30),
    ),
    "keeping": (
        Rule("kept_days", "days", 1, 3650),
        Rule("record_days", "days", 30, 3650),
        Rule("case_days", "days", 30, 3650),
        Rule("case_people_days", "days", 30, 3650),
        Rule("case_names_days", "days", 7, 3650),
        Rule("referral_days", "days", 30, 3650),
        Rule("request_kept_days", "days", 30, 3650),
        Rule("sheet_days", "days", 90, 3650),
        Rule("shared_check_days", "days", 1, 365),
        Rule("tip_days", "days", 60, 3650),
        Rule("tip_number_days", "days", 0, 3650),
        Rule("tip_warning_days", "days", 28, 180),
    ),
}
EXIT: Final = "exit_urls"
LONGEST_EXIT: Final = 1000
LONGEST_NOTICE: Final = 280

# What has to go together, with the field that is named where it does not.
_TOGETHER: Final[tuple[tuple[str, Callable[[Settings], bool]], ...]] = (
    ("on_call_capacity", lambda s: s.on_call_capacity <= s.chat_capacity),
    ("unanswered_tell_seconds", lambda s: s.unanswered_tell_seconds >= s.unanswered_seconds),
    ("case_people_days", lambda s: s.case_people_days <= s.case_days),
    ("case_names_days", lambda s: s.case_names_days <= s.case_people_days),
    ("tip_warning_days", lambda s: s.tip_warning_days < s.tip_days),
    ("tip_number_days", lambda s: s.tip_number_days == 0 or s.tip_number_days > s.tip_warning_days),
)


def read_numbers(group: str, typed: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """The numbers of one group's form by field, and the fields to mend with a phrase key each."""
    numbers: dict[str, int] = {}
    wrongs: dict[str, str] = {}
    for rule in GROUPS[group]:
        try:
            numbers[rule.field] = rule.read(typed.get(rule.field, "").strip())
        except ValueError:
            wrongs[rule.field] = "house.wrong.range"
    return numbers, wrongs


def wrongs_together(now: Settings, changed: Mapping[str, Any]) -> dict[str, str]:
    """What does not go with the rest once these are set; empty where all does."""
    after = replace(now, **changed)
    wrongs = {field: "house.wrong.together" for field, fits in _TOGETHER if not fits(after) and fits(now)}
    try:
        checked(after)
    except BadSetting:
        wrongs = wrongs or dict.fromkeys(list(changed)[:1], "house.wrong.together")
    return wrongs


def read_exit(typed: str) -> str:
    """The exit addresses, as the settings file writes them. Raises ValueError."""
    text = " ".join(typed.split())
    if not text or len(text) > LONGEST_EXIT:
        raise ValueError("too long, or nothing")
    exit_urls(text)
    return text


def write_exit(settings: Settings) -> str:
    """The exit addresses as they are typed."""
    others = [f"{tag}={url}" for tag, url in sorted(settings.exit_urls.items()) if tag]
    return " ".join([settings.exit_urls[""], *others])


def read_notice(typed: str) -> str:
    """A notice, on one line; empty for none. Raises ValueError for one that is too long."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())
    if len(text) > LONGEST_NOTICE:
        raise ValueError("too long")
    return text
