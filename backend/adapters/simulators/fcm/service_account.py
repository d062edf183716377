"""The service account file that a sender is given, with a key made here."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import DecodeError, Struct, ValidationError, json

from backend.adapters.simulators.mint import write_private

FILE = "fcm-service-account.json"
PROJECT = "novads-simulator"


class _File(Struct):
    """The file's members, named as Google names them."""

    project_id: str
    private_key_id: str
    private_key: str
    client_email: str
    token_uri: str
    type: str = "service_account"
    client_id: str = "100000000000000000001"
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"
    universe_domain: str = "googleapis.com"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Whose assertions the token endpoint believes."""

    project_id: str
    client_email: str
    token_uri: str
    key_id: str
    public_key: RSAPublicKey
    path: Path


def service_account_in(directory: Path, *, token_uri: str) -> ServiceAccount:
    """Write the file for this token endpoint; a key from an earlier start is kept."""
    path = directory / FILE
    pem = _earlier_key(path) or _new_key()
    # The key was made here; testing its primes would take longer than starting everything else.
    private_key = load_pem_private_key(
        pem.encode(), password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(private_key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds a key that is not RSA")
    email = f"firebase-adminsdk@{PROJECT}.iam.gserviceaccount.com"
    file = _File(
        project_id=PROJECT,
        private_key_id="simulator-key-1",
        private_key=pem,
        client_email=email,
        token_uri=token_uri,
    )
    write_private(path, json.format(json.encode(file), indent=2))
    return ServiceAccount(
        project_id=PROJECT,
        client_email=email,
        token_uri=token_uri,
        key_id=file.private_key_id,
        public_key=private_key.public_key(),
        path=path,
    )


def _earlier_key(path: Path) -> str | None:
    try:
        return json.decode(path.read_bytes(), type=_File).private_key
    except (FileNotFoundError, DecodeError, ValidationError):
        return None


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
