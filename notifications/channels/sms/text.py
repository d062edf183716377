"""The one text of an SMS; previews and sending both ask here, so that the price is the price."""


def sms_text(title: str, body: str, link: str) -> str:
    """Join what an SMS says: the body (or the title when there is none), then the link."""
    return " ".join(part for part in (body.strip() or title.strip(), link.strip()) if part)
