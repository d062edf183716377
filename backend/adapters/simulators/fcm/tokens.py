"""Registration tokens and installation ids that this simulator made and will know again."""

import re
import secrets
from base64 import urlsafe_b64encode

from backend.adapters.simulators.mint import Mint

_POSSIBLE = re.compile(r"[A-Za-z0-9_\-:%.]{1,4096}")
_MARK = ":APA91b"


class Registrations:
    """Makes tokens as an app's FCM library would be given them."""

    def __init__(self, mint: Mint) -> None:
        """Make tokens sealed by this mint."""
        self._mint = mint

    def new_fid(self) -> str:
        """Make a Firebase installation id: 22 characters, the first of them c, d, e or f."""
        content = bytearray(secrets.token_bytes(8))
        content[0] = 0x70 | (content[0] & 0x0F)
        return self._mint.seal(bytes(content))

    def new_token(self) -> str:
        """Make a registration token: an installation id, a mark and a longer part."""
        fid = self.new_fid()
        return f"{fid}{_MARK}{self._longer_part(fid)}"

    def is_ours(self, value: str) -> bool:
        """Tell whether a token or an installation id was made here."""
        fid, mark, rest = value.partition(_MARK)
        if mark and rest != self._longer_part(fid):
            return False
        return self._mint.open(fid) is not None

    def _longer_part(self, fid: str) -> str:
        return urlsafe_b64encode(self._mint.derive(b"fcm", fid.encode())).rstrip(b"=").decode()


def could_be_a_token(value: str) -> bool:
    """Tell whether FCM would look the token up at all."""
    return _POSSIBLE.fullmatch(value) is not None
