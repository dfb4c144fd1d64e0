"""Walks through the desk's pages in a test's own process, as a browser would: cookie, origin, token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

import httpx
from sqlalchemy import select

from portal.app import build_desk
from portal.services import Services
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.setup import setup_code
from portal.staff.routes import section
from portal.staff.sessions.devices import DEVICE
from portal.staff.tables import audit
from tests.portal.staff.set_up_once import SetUpOnce, keep
from tests.support.kept_house import is_new

PASSPHRASE = "seven green kettles whistle"
COOKIE = "__Host-d"
_SET_UP: list[SetUpOnce] = []


@dataclass
class Walker:
    """One person in front of one browser."""

    services: Services
    client: httpx.AsyncClient
    passphrase: str = PASSPHRASE
    cookie: str = ""
    device: str = ""
    page: str = ""
    address: str = ""
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    _tokens: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str) -> int:
        """Go to a page; redirects are followed. The status it ends with."""
        return await self._ask("GET", path)

    async def post(
        self,
        path: str,
        fields: dict[str, str | list[str]] | None = None,
        *,
        origin: str | None = "own",
        token: str | None = "own",  # noqa: S107 (says which, is none)
        follow: bool = True,
        **headers: str,
    ) -> int:
        """Post a form, from this origin and with the page's own token unless said otherwise."""
        given = dict(fields or {})
        if token == "own":
            if "csrf" not in given and self.cookie:
                given["csrf"] = await self.token()
        elif token is not None:
            given["csrf"] = token
        if origin == "own":
            origin = self.services.settings.desk_origin
        sent = {**headers, **({"origin": origin} if origin is not None else {})}
        return await self._ask("POST", path, given, sent, follow=follow)

    async def token(self) -> str:
        """The token that stands in this session's pages; read once, for it is the same in all of them."""
        if self.cookie in self._tokens:
            return self._tokens[self.cookie]
        answer = await self.client.get("/desk/me", headers=self._cookies())
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        if not found:
            return ""
        self._tokens[self.cookie] = found[1]
        return found[1]

    def sees(self, words: str) -> bool:
        """Whether these words stand on the page."""
        return words in unescape(re.sub(r"<[^>]+>", "", self.page))

    def slip(self) -> list[str]:
        """The groups of the code or the digits the page shows."""
        return next(iter(self.slips()), [])

    def slips(self) -> list[list[str]]:
        """The same of a page that shows several: the recovery sheets."""
        found = re.findall(r'class="desk-digits"[^>]*>(.*?)</bdi>', self.page, re.DOTALL)
        return [re.findall(r"<span>([^<]+)</span>", each) for each in found]

    async def signs_in(self, name: str, passphrase: str | None = None, **second: str) -> bool:
        """Sign in, with the second proof where one is told; whether the desk let her in."""
        before = self.cookie
        fields: dict[str, str | list[str]] = {"name": name, "passphrase": passphrase or self.passphrase, **second}
        await self.post("/desk/signin", fields, token=None)
        return bool(self.cookie) and self.cookie != before

    def fresh(self) -> Walker:
        """Another browser, where nobody is signed in."""
        return Walker(self.services, self.client)

    async def _ask(
        self,
        method: str,
        path: str,
        fields: dict[str, str | list[str]] | None = None,
        headers: dict[str, str] | None = None,
        *,
        follow: bool = True,
    ) -> int:
        answer = await self.client.request(method, path, data=fields, headers={**self._cookies(), **(headers or {})})
        self._keep(answer)
        hops = 0
        while follow and answer.status_code == 303 and hops < 5:
            answer = await self.client.get(answer.headers["location"], headers=self._cookies())
            self._keep(answer)
            hops += 1
        self.page, self.status, self.headers = answer.text, answer.status_code, answer.headers
        self.address = answer.url.path
        return self.status

    def _cookies(self) -> dict[str, str]:
        kept = {COOKIE: self.cookie, DEVICE: self.device}
        written = "; ".join(f"{name}={value}" for name, value in kept.items() if value)
        return {"cookie": written} if written else {}

    def _keep(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            found = re.match(rf'{COOKIE}="?([^";]*)"?;', line)
            if found:
                self.cookie = found[1]
            if known := re.match(rf'{DEVICE}="?([^";]*)"?;', line):
                self.device = known[1]


def walker(services: Services) -> Walker:
    """A browser before the desk of these services."""
    services.settings.data_dir.mkdir(exist_ok=True)
    app = build_desk(services, [section(services)])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    return Walker(services, httpx.AsyncClient(transport=transport, base_url=services.settings.desk_origin))


async def set_up(first: Walker, **changed: str | list[str]) -> Walker:
    """Set the house up as a new operator does; she is the administrator "Ada", name "ada", and holds every key.

    Done once in a process by the page itself; a later house that nobody has touched begins with what that left.
    """
    again = not changed and is_new(first.services)
    if again and (kept := next((each for each in _SET_UP if each.house.is_of(first.services)), None)):
        await kept.in_place(first)
        return first
    fields: dict[str, str | list[str]] = {
        "code": setup_code(first.services.settings) or "",
        "house": "Lantern Line",
        "phone": "555-0142",
        "region": "ca-on",
        "alias": "Ada",
        "languages": ["en"],
        "tongue": "en",
        "name": "ada",
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
    }
    await first.post("/desk/setup", {**fields, **changed}, token=None)
    if again:
        _SET_UP.append(await keep(first))
    return first


async def invite(
    administrator: Walker, *, alias: str, role: str = "advocate", training: tuple[str, ...] = ("chat",)
) -> str:
    """An invitation, made on the staff page, for somebody who has learned what `training` says; its one-time code."""
    fields: dict[str, str | list[str]] = {"alias": alias, "role": role, "languages": ["en", "fr"], "tongue": "en"}
    await administrator.post("/desk/staff/invite", {**fields, "training": list(training)})
    return "-".join(administrator.slip())


async def join(
    administrator: Walker, *, alias: str, role: str = "advocate", training: tuple[str, ...] = ("chat",)
) -> Walker:
    """Somebody new, invited and come in, whom nobody has vouched for yet; her sign-in name is her alias."""
    new = administrator.fresh()
    code = await invite(administrator, alias=alias, role=role, training=training)
    await new.post(
        "/desk/welcome",
        {"code": code, "name": alias, "passphrase": PASSPHRASE, "again": PASSPHRASE},
        token=None,
    )
    return new


async def person_page(looking: Walker, alias: str) -> str:
    """The address of the page about one person."""
    await looking.open("/desk/staff")
    found = re.search(rf'href="(/desk/staff/[^"]+)"><bdi>{alias}</bdi>', looking.page)
    assert found, looking.page
    return found[1]


async def give(granter: Walker, alias: str, *compartments: str, granter_too: bool = False) -> int:
    """Give keys to a person; what she reads from her own page is typed."""
    address = await person_page(granter, alias)
    await granter.open(address)
    fields: dict[str, str | list[str]] = {
        "digits": " ".join(await heard_from(granter.services, alias)),
        "compartments": list(compartments),
        "passphrase": granter.passphrase,
    }
    if granter_too:
        fields["granter"] = "yes"
    return await granter.post(f"{address}/keys", fields)


async def heard_from(services: Services, alias: str) -> list[str]:
    """The groups of digits on somebody's own first page."""
    people = await services.staff.accounts.everyone()
    person = next(each for each in people if each.alias == alias)
    return spoken_digits(person.open_public, person.sign_public)


async def acts(services: Services) -> list[str]:
    """What the audit holds, in its order."""
    async with services.database.read() as connection:
        return list((await connection.execute(select(audit.c.act).order_by(audit.c.n))).scalars())
