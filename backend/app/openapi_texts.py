"""What each audience's API description says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.app.routes import Surface
from backend.kernel.principals import PrincipalKind

VERSION = "0.1.0"
"""Of the contract; it changes when the contract does."""

COMMON = """\
Refusals are `application/problem+json` (RFC 9457) with a stable `code`; `mobile-contract/errors.json`
lists all of them with their titles. `title` is in Latvian or English, by `Accept-Language`. Instants
are RFC 3339 in UTC, days are ISO 8601 in the municipality's time zone. Every answer carries
`X-Request-Id`, which a problem repeats as `requestId`. Another's object is answered like one that
does not exist.
"""

KEYED = """\
Every POST takes an `Idempotency-Key`: a repeat with the same key and the same body is not done
again and gets the first answer, with the header `Idempotency-Replayed`.
"""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who an API is for, and how they prove who they are."""

    title: str
    title_lv: str
    description: str
    principal: PrincipalKind
    scheme: str
    proof: Mapping[str, str]
    """The OpenAPI security scheme of `scheme`."""


def _bearer(description: str) -> Mapping[str, str]:
    return {"type": "http", "scheme": "bearer", "description": description}


AUDIENCES: Mapping[Surface, Audience] = {
    Surface.MOBILE: Audience(
        "Novads: mobile API",
        "Novads: iedzīvotāju lietotnes API",
        f"For the municipality's app: a resident and what concerns them.\n\n{COMMON}\n{KEYED}",
        PrincipalKind.RESIDENT,
        "residentSession",
        _bearer("The `token` of a resident's session."),
    ),
    Surface.STAFF: Audience(
        "Novads: staff API",
        "Novads: darbinieku API",
        "For communicators, approvers, officials and administrators of a municipality.\n\n"
        f"{COMMON}\n{KEYED}\nThe roles in an operation's security are alternatives.\n",
        PrincipalKind.STAFF,
        "staffSession",
        _bearer("The `token` of a staff member's session; it carries the member's roles."),
    ),
    Surface.PARTNER: Audience(
        "Novads: partner API",
        "Novads: partneru API",
        f"For merchants who check a resident's card.\n\n{COMMON}\n{KEYED}",
        PrincipalKind.OUTLET,
        "outletCredential",
        _bearer("The credential of one outlet."),
    ),
    Surface.INGEST: Audience(
        "Novads: ingest API",
        "Novads: citu sistēmu API",
        "For other systems: feeds of the registry, status events of cases, and delivery reports of "
        "providers.\n\n"
        f"{COMMON}\nA repeat of the same event or part of a feed changes nothing.\n",
        PrincipalKind.SYSTEM,
        "webhookSignature",
        {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.",
        },
    ),
}
