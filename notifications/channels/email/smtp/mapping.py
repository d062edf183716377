"""SMTP replies in our words.

Source: RFC 5321, section 4.2; enhanced codes by RFC 3463.
"""

import re

from notifications.channels.ports import Result
from notifications.channels.reasons import Reason
from notifications.channels.verdict import CREDENTIALS, DEAD, Verdict

ENHANCED = re.compile(r"\s*(?P<class>[245])\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})\b")
NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.10"})
"""These alone suppress an address at once."""
MAILBOX_FULL = frozenset({"4.2.2", "5.2.2"})
MAILBOX_FULL_WAIT_SECONDS = 3600.0
SLOW_DOWN = frozenset({421, 450, 451, 452})
NO_LOGIN = frozenset({530, 534, 535, 538})
"""Source: RFC 4954, section 6."""


def verdict_on(code: int, text: str) -> Verdict:
    """Judge a reply that is not 2xx; 4yz comes again, 5yz is final."""
    match = ENHANCED.match(text)
    enhanced = match[0].strip() if match else ""
    if code in NO_LOGIN:
        return CREDENTIALS
    if enhanced in MAILBOX_FULL:
        return Verdict(
            Result.RETRY, Reason.MAILBOX_FULL, retry_after_seconds=MAILBOX_FULL_WAIT_SECONDS
        )
    if code < 500:
        return Verdict(Result.RETRY, Reason.THROTTLED if code in SLOW_DOWN else Reason.UNAVAILABLE)
    if enhanced in NO_SUCH_MAILBOX:
        return DEAD
    if enhanced.startswith("5.7."):
        return Verdict(Result.FAILED, Reason.POLICY, is_ours=True)
    return Verdict(Result.FAILED, Reason.REFUSED)
