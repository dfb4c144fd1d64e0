"""Makes and checks passkeys by the library `webauthn`: for the desk's own host, the person verified each time."""

import base64
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlsplit

import msgspec

from portal.clock import Clock
from portal.errors import PorchlightError
from portal.staff.accounts import Accounts
from portal.staff.proofs.factors import Factor, Passkey
from portal.store.embers import Embers
from portal.vault.sealing import sub

if TYPE_CHECKING:
    from portal.settings import Settings

LASTS: Final = timedelta(minutes=10)
LONGEST_ANSWER: Final = 8192
LONGEST_CREDENTIAL: Final = 1023  # the standard's own bound
_TIME, _NONCE, _MARK = 8, 16, 16
SIGN_IN: Final = b"sign in"


class PasskeyWrong(PorchlightError):
    """What the browser brought is no passkey made for this house, just now, by this person."""

    phrase: ClassVar[str] = "coming.error.passkey"
    status: ClassVar[int] = 422


@dataclass(frozen=True)
class Shown:
    """A passkey that was shown and fits: which one, its counter now, and the challenge it answered."""

    factor: Factor
    count: int
    challenge: bytes


class _Said(msgspec.Struct):
    """What a browser signs: here only to find which challenge it answers. All of it is checked by the library."""

    challenge: str


class _Answer(msgspec.Struct):
    said: str = msgspec.field(name="clientDataJSON")


class _Credential(msgspec.Struct):
    response: _Answer
    raw: str = msgspec.field(name="rawId")


class Passkeys:
    """Both ceremonies. A challenge is stored nowhere before it is used up: a flood of sign-in pages costs no memory."""

    def __init__(self, settings: "Settings", accounts: Accounts, embers: Embers, clock: Clock) -> None:
        self._origin = settings.desk_origin
        self._accounts = accounts
        self._embers = embers
        self._clock = clock
        self.host = urlsplit(settings.desk_origin).hostname or ""

    @property
    def are_possible(self) -> bool:
        """Whether browsers make passkeys for the desk's address: by TLS or on this machine, and for a name only."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self._origin.startswith("https://") or self.host == "localhost"
        return False

    async def ask_new(self, person: bytes, alias: str, house: str, known: Sequence[Passkey]) -> str:
        """What a browser is told to make a passkey, as JSON."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        options = generate_registration_options(
            rp_id=self.host,
            rp_name=house or self.host,
            user_name=alias,
            user_id=person,
            challenge=await self._challenge(person),
            authenticator_selection=AuthenticatorSelectionCriteria(
                # The sign-in page names nobody, so the device has to know by itself whose passkeys it holds.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in known],
        )
        return options_to_json(options)

    async def read_new(self, person: bytes, name: str, answer: str) -> tuple[Passkey, int]:
        """The passkey a browser made, and its counter. Raises PasskeyWrong."""
        from webauthn import verify_registration_response

        challenge = await self._answered(answer, person)
        if challenge is None:
            raise PasskeyWrong("no challenge of ours")
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception as error:  # whatever a stranger's bytes make the parsers below it raise, it is no passkey
            raise PasskeyWrong(type(error).__name__) from None
        if len(made.credential_id) > LONGEST_CREDENTIAL or not await self.use_up(challenge):
            raise PasskeyWrong("too long, or answered before")
        return Passkey(name, made.credential_id, made.credential_public_key), made.sign_count

    async def ask(self) -> str:
        """What a browser is told to show a passkey, as JSON: no name and no list of devices stands in it."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=self.host,
            challenge=await self._challenge(SIGN_IN),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    async def read(self, answer: str, factors: Sequence[Factor]) -> Shown | None:
        """Which of these passkeys was shown; None for none of them. Its challenge is not used up yet."""
        challenge = await self._answered(answer, SIGN_IN)
        if challenge is None:
            return None
        try:
            raw = _raw(msgspec.json.decode(answer, type=_Credential).raw)
        except ValueError:
            return None
        for factor in factors:
            if isinstance(factor.opened, Passkey) and hmac.compare_digest(factor.opened.credential, raw):
                count = self._verified(answer, challenge, factor.opened, factor.used)
                return None if count is None else Shown(factor, count, challenge)
        return None

    async def use_up(self, challenge: bytes) -> bool:
        """Remember that it was answered; False when it was before. Raises ValkeyAway."""
        return await self._embers.put_new(b"pk:" + sha256(challenge).digest(), b"1", LASTS)

    def _verified(self, answer: str, challenge: bytes, passkey: Passkey, count: int) -> int | None:
        from webauthn import verify_authentication_response

        try:
            shown = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self._origin,
                credential_public_key=passkey.public,
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        except Exception:  # whatever a stranger's bytes make the parsers below it raise, it is no proof
            return None
        return shown.new_sign_count

    async def _challenge(self, purpose: bytes) -> bytes:
        await self._accounts.ready()
        body = self._now_ms().to_bytes(_TIME, "big") + secrets.token_bytes(_NONCE)
        return body + self._mark(self._accounts.newest_pepper(), purpose, body)

    async def _answered(self, answer: str, purpose: bytes) -> bytes | None:
        """The challenge that was answered, where it is one of ours for this purpose and not too old."""
        await self._accounts.ready()
        try:
            if len(answer) > LONGEST_ANSWER:
                return None
            credential = msgspec.json.decode(answer, type=_Credential)
            challenge = _raw(msgspec.json.decode(_raw(credential.response.said), type=_Said).challenge)
        except (ValueError, msgspec.MsgspecError):
            return None
        body, mark = challenge[: _TIME + _NONCE], challenge[_TIME + _NONCE :]
        if len(challenge) != _TIME + _NONCE + _MARK:
            return None
        if not hmac.compare_digest(mark, self._mark(self._accounts.newest_pepper(), purpose, body)):
            return None
        age = self._now_ms() - int.from_bytes(body[:_TIME], "big")
        return challenge if 0 <= age <= LASTS.total_seconds() * 1000 else None

    def _mark(self, number: int, purpose: bytes, body: bytes) -> bytes:
        pepper = self._accounts.pepper(number)
        return hmac.digest(sub(pepper, "passkey challenge", purpose), body, "sha256")[:_MARK]

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
