"""The demo's closing table and its report file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from backend.demo.following import FollowingFigures
from backend.demo.narration import StageFigures

STATES = (
    "accepted", "delivered", "opened", "failed", "expired", "suppressed", "cancelled",
    "unknown", "queued", "held", "sending",
)  # fmt: skip


class DemoReport(Struct, rename="camel"):
    """What the demo did, as `var/demo/report.json` keeps it."""

    municipality: str
    residents: int
    balanced: bool
    following: FollowingFigures
    stages: list[StageFigures]
    counters: dict[str, Any]
    simulators: dict[str, Any]


def is_balanced(counters: Mapping[str, Any]) -> bool:
    """Whether on every channel the states add up to the targeted, and these to the recipients."""
    return all(
        sum(channel["states"].values()) == channel["targeted"] == counters["recipients"]
        for channel in counters["channels"]
    )


def print_table(counters: Mapping[str, Any]) -> None:
    """Print the counters, a line a channel; states that nobody is in are left out."""
    channels: Sequence[Mapping[str, Any]] = counters["channels"]
    used = [s for s in STATES if any(s in channel["states"] for channel in channels)]
    click.echo()
    click.echo(f"{'channel':<10}{'targeted':>10}" + "".join(f"{s:>12}" for s in used))
    for channel in channels:
        figures = "".join(f"{channel['states'].get(s, 0):>12,}" for s in used)
        click.echo(f"{channel['channel']:<10}{channel['targeted']:>10,}{figures}")


def print_following(following: FollowingFigures) -> None:
    """Print how the group followed the second feed."""
    imported, member = following.seconds_until_imported, following.seconds_until_member
    members = f"{following.members_before:,} to {following.members_after:,} members"
    click.echo(
        f"\nThe group followed the second feed by itself, from {members}: the feed was imported"
        f"\nafter {imported:.2f} s, and the newcomer was a member {member:.2f} s later."
    )


def write_report(path: Path, report: DemoReport) -> None:
    """Write the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
