"""Settings that protect people: keys and sign-in."""

from collections.abc import Mapping
from typing import Annotated

from backend.kernel.settings import forms
from backend.kernel.settings.declaration import Concern, Variable

KEY_FORM = "base64 of 32 bytes"


class Secrets(Concern, frozen=True):
    """Keys of personal data and signatures."""

    data_keys: Annotated[
        Mapping[int, bytes],
        Variable(
            "NOVADS_DATA_KEYS",
            "Keys that encrypt personal data, by number; the highest number encrypts, all open",
            development="1:bm92YWRzLWRldmVsb3BtZW50LWRhdGEta2V5LTAwMDE=",
            is_secret=True,
            form="1:base64,2:base64",
            decode=forms.key_ring,
        ),
    ]
    match_key: Annotated[
        bytes,
        Variable(
            "NOVADS_MATCH_KEY",
            "Key of the hash by which personal codes are matched; it can never change",
            development="bm92YWRzLWRldmVsb3BtZW50LW1hdGNoLWtleS0wMDE=",
            is_secret=True,
            form=KEY_FORM,
            decode=forms.key,
        ),
    ]
    receipt_key: Annotated[
        bytes,
        Variable(
            "NOVADS_RECEIPT_KEY",
            "Key that signs the references in providers' receipts",
            development="bm92YWRzLWRldmVsb3BtZW50LXJlY2VpcHQta2V5LTE=",
            is_secret=True,
            form=KEY_FORM,
            decode=forms.key,
        ),
    ]

    @property
    def current_data_key(self) -> int:
        """The number of the key that encrypts."""
        return max(self.data_keys)


class SignIn(Concern, frozen=True):
    """The development login."""

    development: Annotated[
        bool,
        Variable(
            "NOVADS_DEVELOPMENT_SIGN_IN",
            "Whether signed development logins are accepted",
            "false",
            "true",
            development_only=True,
            decode=forms.flag,
        ),
    ]
    development_secret: Annotated[
        str | None,
        Variable(
            "NOVADS_DEVELOPMENT_SIGN_IN_SECRET",
            "Secret that signs development logins",
            development="novads-development-sign-in-secret-0001",
            is_secret=True,
        ),
    ]
