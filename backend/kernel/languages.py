"""Which of the product's languages a reader gets."""

LANGUAGES = ("lv", "en")
DEFAULT = "lv"


def preferred_language(accept_language: str | None) -> str:
    """Choose lv or en by an Accept-Language header (RFC 9110, 12.5.4); Latvian when in doubt."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept_language or "").split(",")):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary in LANGUAGES:
            ranked.append((-_quality(parameter), position, primary))
    return min(ranked)[2] if ranked and min(ranked)[0] < 0 else DEFAULT


def _quality(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
    except ValueError:
        return 0.0
