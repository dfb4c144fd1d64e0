"""A device that makes and shows passkeys as the standard says, and can be made to do each thing a good one does not."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Device:
    """One key pair for one house; `count` None: it counts nothing, as most do."""

    origin: str
    host: str = "localhost"
    count: int | None = None
    verifies: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())

    def makes(self, options: str) -> str:
        """What a browser answers when it is told to make a passkey."""
        asked = json.loads(options)
        numbers = self._private.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        told = self._told(ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        return self._answer(attestationObject=statement, clientDataJSON=self._client("webauthn.create", asked))

    def shows(self, options: str) -> str:
        """What a browser answers when it is told to show one."""
        if self.count is not None:
            self.count += 1
        client, told = self._client("webauthn.get", json.loads(options)), self._told(0)
        signed = self._private.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=told, signature=signed)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _told(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _answer(self, **response: bytes) -> str:
        name = _text(self.credential)
        told = {key: _text(value) for key, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": told, "clientExtensionResults": {}}
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
