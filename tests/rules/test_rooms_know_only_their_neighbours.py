"""Holds every import to the house's plan: server, then chat and tips, then portal, then i18n, and never back."""

from __future__ import annotations

import pytest

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
    "chat.queue",
    "chat.presence",
    "chat.consent",
    "chat.protocol",
    "tips.tip",
    "tips.form",
    "tips.receipt",
    "portal.vault",
    "portal.clock",
    "portal.ids",
    "portal.errors",
    "portal.staff.rights",
}
ACTS = {"chat.relay", "chat.start", "chat.retention", "tips.intake", "tips.followup", "tips.review", "tips.retention"}
STORES = {"chat.store", "tips.store", "tips.tables", "portal.staff.tables", "sqlalchemy", "redis"}


def of(*names: str) -> list[Module]:
    return [module for module in modules() if reaches(module.name, *names)]


def outside(module: Module) -> bool:
    return {"pages", "sockets"} & set(module.name.split(".")) != set()


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_imports_only_rooms_below_its_own(module: Module) -> None:
    room = module.name.split(".")[0]

    assert {name for name in imports(module) if name.split(".")[0] in ROOMS - MAY_KNOW[room]} == set()


@pytest.mark.parametrize("module", of(*PURE), ids=str)
def test_pure_words_know_no_store_and_no_web(module: Module) -> None:
    assert {
        name for name in imports(module) if reaches(name, "sqlalchemy", "redis", "starlette", "uvicorn", "aiosqlite")
    } == set()


@pytest.mark.parametrize("module", of(*ACTS), ids=str)
def test_an_act_never_sees_a_request(module: Module) -> None:
    assert {
        name for name in imports(module) if reaches(name, "starlette", "portal.web.page", "portal.web.forms")
    } == set()


@pytest.mark.parametrize("module", [module for module in modules() if outside(module)], ids=str)
def test_a_page_or_socket_never_touches_a_store(module: Module) -> None:
    assert {name for name in imports(module) if reaches(name, *STORES)} == set()


@pytest.mark.parametrize("module", [module for module in modules() if ".vault" in module.name], ids=str)
def test_the_vault_knows_no_network_and_no_disk_of_ours(module: Module) -> None:
    assert {name for name in imports(module) if reaches(name, "portal.store", "portal.web", "portal.staff")} == set()


def test_no_module_imports_itself_by_a_detour() -> None:
    assert circles() == []


def circles() -> list[list[str]]:
    """Every group of modules that import each other in a ring (Tarjan's strongly connected components)."""
    known = {module.name: module for module in modules()}
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in sorted(runs_through(known[name])):
            if other not in known or other == name:
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

    for name in known:
        if name not in number:
            visit(name)
    return found
