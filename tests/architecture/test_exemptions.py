"""Who is let off a check says why."""

import re
from collections.abc import Sequence

from tests.architecture.sources import Source

EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore)\b(?P<rest>.*)")
WITH_REASON = re.compile(r"(: ?[A-Z0-9, ]+|\[[\w\-, ]+\])\s*(-|#)\s*\S.*")


def test_every_exemption_names_its_rule_and_its_reason(everything: Sequence[Source]) -> None:
    bare = [
        f"{source.path}:{number}"
        for source in everything
        for number, line in enumerate(source.lines, start=1)
        if (found := EXEMPTION.search(line)) and not WITH_REASON.fullmatch(found["rest"])
    ]
    assert bare == []
