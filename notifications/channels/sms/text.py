"""The one text of an SMS: exactly what was previewed, priced and approved."""


def sms_text(title: str, body: str) -> str:
    """Give what an SMS says: the body, or the title when there is none.

    No link is added here: it would cost a part that nobody approved. Who wants one writes it into
    the body.
    """
    return body if body.strip() else title
