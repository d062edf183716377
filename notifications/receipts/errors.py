"""Refusals of receipts."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class ReceiptReferenceUnknown(DomainError):
    """The reference was not written by this deployment, or for something it no longer has."""

    kind = Kind.UNAUTHENTICATED
    titles: ClassVar[Mapping[str, Text]] = {
        "receipt_reference_unknown": Text(
            lv="Piegādes atsauce nav atpazīta", en="The delivery reference is not ours"
        )
    }
    constraints: ClassVar[Mapping[str, str]] = {
        "fk_provider_receipt_municipality_id_dispatch_id": "receipt_reference_unknown"
    }
