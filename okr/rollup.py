"""What the goals below mean for a key result above them (docs/rules/rollup.md).

A key result is reported by hand, or it is the weighted average of the progress of what supports it, or the sum
of the values. Computed from the parts alone: the same parts give the same number however often it is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from okr.objectives import Kind, Measure, RollUp, State
from okr.progress import NOTHING, Progress, progress
from okr.refusals import CannotBeSummed, NotANumberGoal, ReasonNeeded, RollsUp
from okr.weights import normalise

ZERO = Decimal(0)
ONE = Decimal(1)
MILLIONTH = Decimal("0.000001")
"""Computed values are kept with as many decimals as reported ones."""

_COUNTS = frozenset({State.ACTIVE, State.CLOSED})
_SUMMABLE_UNIT = re.compile(
    "[十百千万亿]*(?:元|人|人次|人天|次|单|笔|家|个|件|套|台|位|户|名|份|张|瓶|杯|盒|箱|条|吨|公斤|斤)"
)
_PER_ONE = re.compile("单价|均价|客单|人均|店均|单均|平均|[人坪]效|率|占比|比例|评分|得分|满意度|排名|指数")
"""Titles of figures that say how much for one: summing them means nothing."""
_PER_ONE_UNIT = re.compile("[%％‰/]|每")


@dataclass(frozen=True, slots=True)
class Part:
    """What one goal brings to the key result that it supports.

    `value`, `start`, `target` in `unit`; None for an objective, which has only its progress. `share`: how much
    of it is counted in this parent, where it has several. `rolls_up` is false for what is only aligned.
    """

    ref: str
    progress: Progress
    value: Decimal | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    weight: Decimal = ONE
    share: Decimal = ONE
    rolls_up: bool = True
    state: State = State.ACTIVE


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part in the result: `weight` of 1, `amount` what it adds to the sum, None in an average."""

    ref: str
    weight: Decimal
    progress: Progress
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RolledUp:
    """`value` of the parent and the progress it means; `left_out`: parts in force whose unit is another."""

    value: Decimal
    progress: Progress
    contributions: tuple[Contribution, ...]
    left_out: tuple[str, ...] = ()


def roll_up(measure: Measure, mode: RollUp, parts: Sequence[Part]) -> RolledUp | None:
    """The value of a key result by its parts.

    None where there is nothing to compute: it is reported by hand, nothing counts (what was known stays), or it
    has no start and target yet.
    A cancelled or paused part leaves and the others keep their proportions; one without a reading stands at its
    start.
    """
    span = _span(measure)
    counting = [part for part in parts if part.rolls_up and part.state in _COUNTS]
    if mode is RollUp.MANUAL or span is None or not counting:
        return None
    return _sum(measure, counting) if mode is RollUp.SUM else _average(measure, counting)


def part_weights(mode: RollUp, parts: Sequence[Part]) -> dict[str, Decimal]:
    """How much each counting part weighs in the whole, summing to 1: by target in a sum, else as said."""
    counting = [part for part in parts if part.rolls_up and part.state in _COUNTS]
    if mode is RollUp.SUM:
        ways = [abs((part.target or ZERO) - (part.start or ZERO)) * part.share for part in counting]
        weights = normalise([(way, None) for way in ways])
    else:
        weights = normalise([(part.weight * part.share, None) for part in counting])
    return dict(zip((part.ref for part in counting), weights, strict=True))


def adds_up(measure: Measure, title: str = "") -> bool:
    """Whether such values can be summed: money, people, pieces, and what is counted over a period.

    Percents and figures for one (单价, 人均, 转化率) do not; a unit that says nothing is not summed unless asked.
    """
    if not can_be_summed(measure) or _PER_ONE.search(title):
        return False
    return measure.cumulative or _SUMMABLE_UNIT.fullmatch(measure.unit) is not None


def can_be_summed(measure: Measure) -> bool:
    """Whether a sum is possible at all, whatever the title: not of percents, prices by their unit, or steps."""
    return measure.kind is Kind.NUMBER and not _PER_ONE_UNIT.search(measure.unit)


def natural_mode(measure: Measure, title: str = "") -> RollUp:
    """How a key result is computed from its parts where nobody has said: sum, average, or by hand."""
    if measure.kind is not Kind.NUMBER:
        return RollUp.MANUAL
    return RollUp.SUM if adds_up(measure, title) else RollUp.AVERAGE


def check_mode(ref: str, measure: Measure, old: RollUp, new: RollUp, *, reason: str = "") -> None:
    """Whether a key result may be computed in this way from now on.

    Raises NotANumberGoal (what is done or not done is not computed), CannotBeSummed, and ReasonNeeded where the
    computing stops.
    """
    if new is RollUp.MANUAL:
        if old is not RollUp.MANUAL and not reason.strip():
            raise ReasonNeeded("改成自己填")
        return
    if measure.kind is not Kind.NUMBER:
        raise NotANumberGoal(ref, str(measure.kind))
    if new is RollUp.SUM and not can_be_summed(measure):
        raise CannotBeSummed(ref)


def check_typed(ref: str, mode: RollUp) -> None:
    """Whether a value may be reported by hand. Raises RollsUp."""
    if mode is not RollUp.MANUAL:
        raise RollsUp(ref)


def _average(measure: Measure, parts: Sequence[Part]) -> RolledUp:
    """Each at most 100%: what one has too much does not fill another's gap."""
    weights = part_weights(RollUp.AVERAGE, parts)
    total = sum((weights[part.ref] * part.progress.clamped for part in parts), ZERO)
    start = measure.start or ZERO
    value = start + total * (_span(measure) or ZERO)
    return RolledUp(
        value.quantize(MILLIONTH, rounding=ROUND_HALF_UP),
        Progress(total, total),
        tuple(Contribution(part.ref, weights[part.ref], part.progress) for part in parts),
    )


def _sum(measure: Measure, parts: Sequence[Part]) -> RolledUp | None:
    same_unit = [part for part in parts if part.unit == measure.unit and _has_value(part)]
    if not same_unit:
        return None
    weights = part_weights(RollUp.SUM, same_unit)
    amounts = {part.ref: _standing(part) * part.share for part in same_unit}
    value = sum(amounts.values(), ZERO)
    return RolledUp(
        value.quantize(MILLIONTH, rounding=ROUND_HALF_UP),
        progress(measure, value) or NOTHING,
        tuple(
            Contribution(part.ref, weights[part.ref], part.progress, amounts[part.ref]) for part in same_unit
        ),
        tuple(part.ref for part in parts if part.unit != measure.unit or not _has_value(part)),
    )


def _has_value(part: Part) -> bool:
    return any(end is not None for end in (part.value, part.start, part.target))


def _standing(part: Part) -> Decimal:
    if part.value is not None:
        return part.value
    return part.start or ZERO


def _span(measure: Measure) -> Decimal | None:
    """The way from start to target; None where there is none to compute on."""
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return None
    return measure.target - measure.start or None
