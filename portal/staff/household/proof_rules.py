"""Decides what the desk may make of the rule who has to have a second proof: never less than the server's own file."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.settings import Settings
from portal.staff.household.settings_rules import Rule
from portal.staff.rights import Role


@dataclass(frozen=True)
class ProofRule:
    """Of which roles a second proof is asked, and for how many days whoever is asked may put it off."""

    roles: frozenset[str]
    days: int

    def asks_less_than(self, other: "ProofRule") -> bool:
        """Whether somebody would have to do less, or have longer, than under that one."""
        return not self.roles >= other.roles or self.days > other.days


def rule_of(settings: Settings) -> ProofRule:
    """The rule of these settings."""
    return ProofRule(frozenset(settings.second_proof), settings.second_proof_days)


def days_rule(given: Settings) -> Rule:
    """Which number of days may be typed. None below one: whoever is asked today finishes her shift first."""
    return Rule("second_proof_days", "days", min(1, given.second_proof_days), given.second_proof_days)


def read_rule(given: Settings, roles: Collection[str], days: str) -> ProofRule:
    """What was ticked and typed, over what the server's file asks anyway. Raises ValueError for a wrong number."""
    asked = {role.value for role in Role if role.value in roles} | set(given.second_proof)
    return ProofRule(frozenset(asked), days_rule(given).read(days) if given.second_proof_days else 0)


def kept_of(given: Settings, rule: ProofRule) -> dict[str, str | None]:
    """What is written down of it: what goes beyond the file, and nothing where nothing does."""
    more = [role.value for role in Role if role.value in rule.roles - set(given.second_proof)]
    return {
        "second_proof": " ".join(more) or None,
        "second_proof_days": str(rule.days) if rule.days < given.second_proof_days else None,
    }
