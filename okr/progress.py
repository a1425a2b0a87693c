"""How far a key result and an objective are: measured, looking back (docs/rules/progress.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import KeyResult, Kind, Measure, Objective
from okr.refusals import StartEqualsTarget
from okr.weights import kr_weights

ZERO = Decimal(0)
ONE = Decimal(1)
TEN_PERCENT = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Progress:
    """`raw` is as measured: above 1 when the target was passed, negative when it went the wrong way.

    `clamped` is raw within [0, 1], the only form that counts in a parent.
    """

    raw: Decimal
    clamped: Decimal


NOTHING = Progress(ZERO, ZERO)
DONE = Progress(ONE, ONE)


def progress(measure: Measure, value: Decimal | None) -> Progress | None:
    """The progress that `value` means; None is 无数据: nothing known, or no start to count from.

    Percent values are as people say them (6.9% is 6.9). A milestone list speaks for itself, `value` is not
    asked. An ordinal value is 0, 0.3, 0.7 or 1. Raises StartEqualsTarget for a number without a span.
    """
    if measure.kind is Kind.MILESTONE:
        return _milestones_done(measure)
    if value is None:
        return None
    return _BY_KIND[measure.kind](measure, value)


def key_result_progress(kr: KeyResult) -> Progress:
    """The progress of a key result now. What is not reported, or cannot be measured yet, counts as 0.

    Never "not counted": else silence would raise the average. A draft whose start is its target is drawn at 0
    beside the finding that stops its submission.
    """
    measure = kr.measure
    if measure.kind is Kind.NUMBER and measure.start == measure.target:
        return NOTHING
    return progress(measure, kr.value) or NOTHING


def objective_progress(objective: Objective) -> Progress:
    """The weighted mean of what counts, both raw and clamped: one at 120% does not hide another's gap."""
    weights = kr_weights(objective)
    total = sum((weights[kr.id] * key_result_progress(kr).clamped for kr in objective.counting), ZERO)
    return Progress(total, total)


def is_inside(measure: Measure, value: Decimal) -> bool:
    """Whether a maintained value is within its bounds; the bounds belong to the band."""
    return _distance(measure, value) == ZERO


def tolerance(measure: Measure) -> Decimal:
    """How far outside its band a maintained value counts as 0.

    Said, or else the width of the band, or 10% of the only bound.
    """
    if measure.tolerance is not None:
        return measure.tolerance
    if measure.low is not None and measure.high is not None:
        return measure.high - measure.low
    bound = measure.low if measure.low is not None else measure.high
    return abs(bound) * TEN_PERCENT if bound is not None else ZERO


def _between(measure: Measure, value: Decimal) -> Progress | None:
    if measure.start is None or measure.target is None:
        return None
    span = measure.target - measure.start
    if not span:
        raise StartEqualsTarget(measure.target)
    return _from_raw((value - measure.start) / span)


def _inside(measure: Measure, value: Decimal) -> Progress | None:
    if measure.low is None and measure.high is None:
        return None
    distance = _distance(measure, value)
    if not distance:
        return DONE
    width = tolerance(measure)
    return _from_raw(ONE - distance / width) if width > ZERO else NOTHING


def _ticked(measure: Measure, value: Decimal) -> Progress:
    return DONE if measure.kind is Kind.BASELINE or value >= ONE else NOTHING


def _step(_measure: Measure, value: Decimal) -> Progress:
    return _from_raw(value)


def _distance(measure: Measure, value: Decimal) -> Decimal:
    if measure.low is not None and value < measure.low:
        return measure.low - value
    if measure.high is not None and value > measure.high:
        return value - measure.high
    return ZERO


def _milestones_done(measure: Measure) -> Progress | None:
    total = sum((milestone.weight for milestone in measure.milestones), ZERO)
    if not total:
        return None
    done = sum((milestone.weight for milestone in measure.milestones if milestone.done), ZERO)
    return _from_raw(done / total)


def _from_raw(raw: Decimal) -> Progress:
    if raw >= ONE:
        return Progress(raw, ONE)
    if raw <= ZERO:
        return Progress(raw, ZERO)
    return Progress(raw, raw)


_BY_KIND: Mapping[Kind, Callable[[Measure, Decimal], Progress | None]] = {
    Kind.NUMBER: _between,
    Kind.MAINTAIN: _inside,
    Kind.BOOLEAN: _ticked,
    Kind.BASELINE: _ticked,
    Kind.ORDINAL: _step,
}
