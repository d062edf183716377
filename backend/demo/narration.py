"""What the demo says while it works, and the figures it keeps."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
from msgspec import Struct


class StageFigures(Struct, rename="camel"):
    """One stage of the demo: how long it took and what it counted."""

    name: str
    seconds: float
    counts: dict[str, int]


@dataclass(slots=True)
class Stage:
    """A stage under way."""

    counts: dict[str, int] = field(default_factory=dict[str, int])

    def count(self, **counts: int) -> None:
        """Keep counts and print them."""
        self.counts.update(counts)
        shown = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items())
        click.echo(f"      {shown}")

    def say(self, line: str) -> None:
        """Print progress."""
        click.echo(f"      {line}")


@dataclass(slots=True)
class Narrator:
    """Prints each stage as it happens."""

    stages: list[StageFigures] = field(default_factory=list[StageFigures])

    @contextmanager
    def stage(self, name: str) -> Generator[Stage]:
        """Announce a stage, and its duration when it is over."""
        number = len(self.stages) + 1
        click.echo(click.style(f"\n{number:>3}.  {name}", bold=True))
        stage, started = Stage(), time.perf_counter()
        yield stage
        seconds = time.perf_counter() - started
        self.stages.append(StageFigures(name, round(seconds, 2), stage.counts))
        click.echo(click.style(f"      done in {seconds:.1f} s", fg="green"))
