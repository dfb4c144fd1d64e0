"""Makes certificates with a life of a chosen length, signed by one authority that browsers of the tests can trust."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LONG = timedelta(days=400)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Authority:
    """Whoever trusts `file` trusts what it signs."""

    key: ec.EllipticCurvePrivateKey
    file: Path

    @classmethod
    def made(cls, folder: Path) -> Authority:
        """A new one."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_name("An authority of the tests"))
            .issuer_name(_name("An authority of the tests"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LONG)
            .not_valid_after(now + LONG)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = folder / "authority.pem"
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return cls(key, file)

    def signs(self, chain: Path, key_file: Path, *names: str, begins: datetime, ends: datetime) -> None:
        """A certificate for these names, good between two moments, put where a proxy reads it."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(names[0]))
            .issuer_name(_name("An authority of the tests"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        key_file.write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))

    def trusted_at(self, home: Path) -> None:
        """A browser that is started with this HOME trusts it, as it would one that a company gives its people."""
        folder = home / ".pki" / "nssdb"
        folder.mkdir(parents=True)
        for said in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "tests", "-i", str(self.file)]):
            subprocess.run(["certutil", "-d", f"sql:{folder}", *said], check=True, capture_output=True)
