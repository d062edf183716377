"""Whether a promise holds follows from the value, and from nothing else."""

import pytest

from tests.benchmarks.harness.figures import Promise, at_least, at_most
from tests.benchmarks.harness.series import percentile
from tests.benchmarks_harness.bench import NewFigure


@pytest.mark.parametrize(
    ("promise", "value"),
    [
        (at_most(20), 20),
        (at_least(5), 5),
        (Promise(at_least=5, at_most=20), 5),
        (Promise(at_least=5, at_most=20), 20),
    ],
)
def test_a_promise_holds_up_to_its_bound(figure: NewFigure, promise: Promise, value: float) -> None:
    assert figure(value, promise=promise).holds is True


@pytest.mark.parametrize(
    ("promise", "value"),
    [
        (at_most(20), 20.001),
        (at_least(5), 4.999),
        (Promise(at_least=5, at_most=20), 4.999),
        (Promise(at_least=5, at_most=20), 20.001),
    ],
)
def test_a_promise_is_broken_beyond_its_bound(
    figure: NewFigure, promise: Promise, value: float
) -> None:
    assert figure(value, promise=promise).holds is False


def test_where_nothing_is_promised_nothing_holds_or_breaks(figure: NewFigure) -> None:
    assert figure(21).holds is None


def test_nobody_can_say_by_hand_that_a_promise_holds(figure: NewFigure) -> None:
    with pytest.raises(TypeError, match="holds"):
        figure(21, promise=at_most(20), holds=True)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_was_not_measured(figure: NewFigure, value: float) -> None:
    with pytest.raises(ValueError, match="not measured"):
        figure(value)


def test_a_promise_without_a_bound_is_none() -> None:
    with pytest.raises(ValueError, match="bound"):
        Promise()


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1), (0.25, 1), (0.5, 2), (0.51, 3), (0.95, 4), (1.0, 4)]
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(
    share: float, value: float
) -> None:
    assert percentile([3, 1, 4, 2], share) == value
