"""Loading modules: what a process loads once is no business of the garbage collector."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def loading() -> Generator[None]:
    """Load modules in the block; they are looked at by the collector neither then nor later.

    It would go through the hundred thousands of objects of all modules again and again: a fifth of
    the time a command takes to start, and a seventh of an importer's.
    """
    gc.disable()
    try:
        yield
    finally:
        leave_loaded_alone()
        gc.enable()


def leave_loaded_alone() -> None:
    """Hide what there is now from the collector, for the life of the process."""
    gc.freeze()
