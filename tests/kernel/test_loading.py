"""What was loaded is left alone by the garbage collector, which works on afterwards."""

import gc

import pytest

from backend.kernel.loading import loading


def test_what_was_loaded_is_no_longer_looked_at() -> None:
    with loading():
        loaded = [object(), {"made": "while loading"}]
    later = [loaded]
    watched = {id(each) for each in gc.get_objects()}
    assert id(later) in watched
    assert id(loaded) not in watched


def test_the_collector_works_on_even_if_loading_fails() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
