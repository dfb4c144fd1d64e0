"""Holds every import to the house's plan: server, then chat and tips, then portal, then i18n, and never back."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.source import Module, imports, modules, reaches, runs_through

MAY_KNOW = {
    "i18n": {"i18n"},
    "portal": {"portal", "i18n"},
    "chat": {"chat", "portal", "i18n"},
    "tips": {"tips", "portal", "i18n"},
    "server": {"server", "chat", "tips", "portal", "i18n"},
}
ROOMS = set(MAY_KNOW)

PURE = {
    "chat.conversation",
    "chat.message",
    "chat.clocks",
    "chat.queue",
    "chat.presence",
    "chat.consent",
    "chat.protocol",
    "tips.tip",
    "tips.form",
    "tips.receipt",
    "tips.files.kinds",
    "tips.files.holds",
    "tips.crowd.lanes",
    "tips.crowd.likeness",
    "tips.work.entries",
    "tips.work.card",
    "tips.work.deeds",
    "tips.work.labels",
    "tips.work.reasons",
    "tips.work.history",
    "tips.report.rules",
    "tips.report.draft",
    "tips.report.course",
    "tips.report.sheet",
    "tips.report.paper",
    "tips.report.table",
    "chat.guest_consent",
    "tips.agreed",
    "portal.consent.terms",
    "portal.consent.rule",
    "portal.consent.record",
    "portal.duty.decision",
    "portal.vault",
    "portal.clock",
    "portal.ids",
    "portal.errors",
    "portal.staff.trail.audited",
    "portal.staff.rights",
    "portal.web.csv_cells",
    "portal.rotation.due",
}
ACTS = {"chat.relay", "chat.start", "chat.retention", "tips.intake", "tips.followup", "tips.review", "tips.retention"}
ACTS |= {f"tips.work.{act}" for act in ("book", "acts", "openings", "phone", "house_labels")}
ACTS |= {"tips.older", "tips.report.reporting", "tips.report.printing"}
ACTS |= {"tips.crowd.door", "tips.crowd.heaping", "tips.crowd.together"}
ACTS |= {
    f"tips.files.{act}" for act in ("uploads", "arrival", "redrawing", "showing", "freezing", "switching", "sweep")
}
STORES = {"chat.store", "tips.store", "tips.tables", "portal.staff.tables", "sqlalchemy", "redis"}
STORES |= {"tips.files.store", "tips.files.tables", "tips.crowd.rows"}


def of(*names: str) -> list[Module]:
    return [module for module in modules() if reaches(module.name, *names)]


def outside(module: Module) -> bool:
    return {"pages", "sockets"} & set(module.name.split(".")) != set()


def known(asked: Sequence[Module], *names: str) -> dict[str, set[str]]:
    """What each of the modules imports of these packages; those that import nothing of them are left out."""
    assert asked
    return {str(module): found for module in asked if (found := {n for n in imports(module) if reaches(n, *names)})}


def test_a_module_imports_only_rooms_below_its_own() -> None:
    above = {
        str(module): found
        for module in modules()
        if (found := imported_rooms(module) - MAY_KNOW[module.name.split(".")[0]])
    }

    assert above == {}


def imported_rooms(module: Module) -> set[str]:
    return {name.split(".")[0] for name in imports(module)} & ROOMS


def test_pure_words_know_no_store_and_no_web() -> None:
    assert known(of(*PURE), "sqlalchemy", "redis", "starlette", "uvicorn", "aiosqlite") == {}


def test_an_act_never_sees_a_request() -> None:
    assert known(of(*ACTS), "starlette", "portal.web.page", "portal.web.forms") == {}


def test_a_page_or_socket_never_touches_a_store() -> None:
    assert known([module for module in modules() if outside(module)], *STORES) == {}


def test_only_the_store_knows_which_database_there_is() -> None:
    others = [module for module in modules() if not reaches(module.name, "portal.store")]

    assert known(others, "sqlalchemy.dialects", "sqlite3", "aiosqlite", "asyncpg") == {}


def test_the_vault_knows_no_network_and_no_disk_of_ours() -> None:
    vault = [module for module in modules() if ".vault" in module.name]

    assert known(vault, "portal.store", "portal.web", "portal.staff") == {}


def test_no_module_imports_itself_by_a_detour() -> None:
    assert circles() == []


def circles() -> list[list[str]]:
    """Every group of modules that import each other in a ring (Tarjan's strongly connected components)."""
    named = {module.name: module for module in modules()}
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in sorted(runs_through(named[name])):
            if other not in named or other == name:
                continue
            if other not in number:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], number[other])
        if lowest[name] == number[name]:
            ring = []
            while True:
                ring.append(stack.pop())
                if ring[-1] == name:
                    break
            if len(ring) > 1:
                found.append(sorted(ring))

    for name in named:
        if name not in number:
            visit(name)
    return found
