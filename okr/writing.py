"""The check of a good OKR on a draft: what is missing or doubtful, what a tap does (docs/rules/writing.md).

The sentences are the cards'. Only what makes a goal impossible to measure or to add up stops its submission.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from okr.cycle import Span
from okr.objectives import Basis, KeyResult, Kind, Measure, Objective, State
from okr.origin import origins_of
from okr.progress import key_result_progress

ONE = Decimal(1)
MOST_KEY_RESULTS = 5
PERCENT = "%"


class Code(StrEnum):
    """What may be found. `BLOCKING` stop the submission, `DOUBTS` are handed in by who read the words."""

    START_EQUALS_TARGET = "start_equals_target"
    TARGET_MISSING = "target_missing"
    LOOP = "loop"
    SHARES_ABOVE_ONE = "shares_above_one"
    NO_KEY_RESULTS = "no_key_results"
    BASELINE_MISSING = "baseline_missing"
    UNIT_MISSING = "unit_missing"
    BASIS_ASSUMED = "basis_assumed"
    PERCENT_OR_POINTS = "percent_or_points"
    """A rate was typed without a percent sign: is it percents?"""
    RELATIVE_OR_POINTS = "relative_or_points"
    """Of a percent, "up 3%": by 3 points, or by 3% of it?"""
    PERCENT_SCALE = "percent_scale"
    """0.1 where 10% is likely."""
    SHOULD_RISE = "should_rise"
    """Of this more is better, as its template says, and the target lies below the start."""
    SHOULD_FALL = "should_fall"
    ALREADY_REACHED = "already_reached"
    NO_DIRECTION_PARENT = "no_direction_parent"
    DIRECTION_MISSING = "direction_missing"
    """A quarter's objective belongs to no annual direction and is no exception."""
    NOT_SEVENTY_THIRTY = "not_seventy_thirty"
    """With this draft the owner's key results are too far from the company's split of origins."""
    TOO_MANY_KEY_RESULTS = "too_many_key_results"
    ACTIVITY_NOT_RESULT = "activity_not_result"
    DUPLICATE_TITLE = "duplicate_title"
    DEADLINE_OUTSIDE_CYCLE = "deadline_outside_cycle"


BLOCKING = frozenset(
    {
        Code.START_EQUALS_TARGET,
        Code.TARGET_MISSING,
        Code.LOOP,
        Code.SHARES_ABOVE_ONE,
        Code.NO_KEY_RESULTS,
    }
)


@dataclass(frozen=True, slots=True)
class Fix:
    """What one tap would do: `set_unit` 人, `set_basis` 日均. An empty argument asks for it."""

    code: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`kr_id` is None where it is about the objective; `blocks` stops the submission."""

    code: Code
    blocks: bool
    kr_id: int | None = None
    fixes: tuple[Fix, ...] = ()


DOUBTS: Mapping[Code, tuple[Fix, ...]] = {
    Code.BASIS_ASSUMED: (),
    Code.PERCENT_OR_POINTS: (Fix("set_unit", PERCENT), Fix("keep", Code.PERCENT_OR_POINTS)),
    Code.RELATIVE_OR_POINTS: (Fix("set_points"), Fix("set_relative")),
    Code.PERCENT_SCALE: (Fix("set_scale", "100"), Fix("keep", Code.PERCENT_SCALE)),
}
"""What only the words as typed can tell. Kept with the draft until a tap settles it (`keep`: it is right)."""

_UNITS = (
    (re.compile("客流|人数|客数|会员数|到店"), "人"),
    (re.compile("额|营收|收入|利润|毛利$|客单|成本|费用"), "元"),
    (re.compile("订单|单量|成交数"), "单"),
    (re.compile("门店数|开店|客户数"), "家"),
    (re.compile("天数|时长|周期|交期"), "天"),
)
_RATE = re.compile("率|占比|比例|同比|环比")
_USUAL_UNITS = ("人", "元", PERCENT)
_ACTIVITY = re.compile(
    "^(开展|组织|举办|推进|参加|召开|培训|跟进|协助|配合|做好|加强|继续|负责|支持|学习|了解)"
)


def check_key_result(kr: KeyResult, cycle: Span, *, doubts: Collection[str] = ()) -> tuple[Finding, ...]:
    """What is to be said about one key result of a draft. `doubts`: codes kept since its words were read."""
    found = [*_ends(kr), *_unit(kr), *_way(kr, doubts)]
    found += [_finding(code, kr, _doubt_fixes(code, kr.measure)) for code in DOUBTS if code in doubts]
    if kr.due is not None and not cycle.start <= kr.due <= cycle.end:
        found.append(_finding(Code.DEADLINE_OUTSIDE_CYCLE, kr, (Fix("set_due", cycle.end.isoformat()),)))
    if kr.measure.kind in (Kind.BOOLEAN, Kind.MILESTONE) and _ACTIVITY.match(kr.title):
        found.append(_finding(Code.ACTIVITY_NOT_RESULT, kr, (Fix("set_target"), Fix("set_title"))))
    return tuple(found)


def check_objective(
    objective: Objective,
    others: Sequence[Objective] = (),
    *,
    doubts: Mapping[int, Collection[str]] | None = None,
    upwards: Collection[int] = (),
    direction_missing: bool = False,
    origins: tuple[Decimal, Decimal] | None = None,
    top: bool = False,
) -> tuple[Finding, ...]:
    """All that is to be said about a draft, its key results included, what stops it first.

    `others`: the owner's other objectives of the cycle. `doubts`: by key result id. `upwards`: ids of the key
    results met when one walks up from this objective's parent, the parent included; one of its own among them
    is a loop. `origins`: the part from above that the company wants, and its tolerance; None where it wants none.
    `top`: nothing is above it, so that none is missing.
    """
    key_results = [kr for kr in objective.key_results if kr.state not in (State.CANCELLED, State.DELETED)]
    found = list(_whole(objective, key_results, upwards, top=top))
    found += _twice(objective, key_results, others)
    if direction_missing:
        found.append(_finding(Code.DIRECTION_MISSING, fixes=(Fix("set_direction"), Fix("set_exception"))))
    if origins is not None:
        found += _origins(objective, others, *origins)
    for kr in key_results:
        found += check_key_result(kr, objective.cycle, doubts=(doubts or {}).get(kr.id, ()))
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the submission."""
    return tuple(finding for finding in findings if finding.blocks)


def typed_doubts(measure: Measure, title: str, *, basis_said: bool) -> tuple[str, ...]:
    """The doubts that a new key result is born with, as far as its numbers and title tell."""
    if measure.kind is not Kind.NUMBER:
        return ()
    found = [] if basis_said else [Code.BASIS_ASSUMED]
    ends = [end for end in (measure.start, measure.target) if end is not None]
    is_small = bool(ends) and any(ends) and all(abs(end) <= ONE for end in ends)
    if measure.unit == PERCENT and is_small:
        found.append(Code.PERCENT_SCALE)
    if not measure.unit and _RATE.search(title):
        found.append(Code.PERCENT_SCALE if is_small else Code.PERCENT_OR_POINTS)
    return tuple(str(code) for code in found)


def _ends(kr: KeyResult) -> Iterable[Finding]:
    measure = kr.measure
    if _has_no_target(measure):
        yield _finding(Code.TARGET_MISSING, kr, (Fix("set_target"),))
    if measure.kind is not Kind.NUMBER or measure.target is None:
        return
    if measure.start is None:
        known = "" if kr.value is None else f"{kr.value.normalize():f}"
        yield _finding(Code.BASELINE_MISSING, kr, (Fix("set_start", known),))
    elif measure.start == measure.target:
        yield _finding(Code.START_EQUALS_TARGET, kr, (Fix("set_target"), Fix("set_start")))
    elif key_result_progress(kr).raw >= ONE:
        yield _finding(Code.ALREADY_REACHED, kr, (Fix("set_target"),))


def _way(kr: KeyResult, doubts: Collection[str]) -> Iterable[Finding]:
    """What was made of a template is watched for going the other way, until somebody says that it is right."""
    start, target = kr.measure.start, kr.measure.target
    if start is None or target is None or start == target:
        return
    code = Code.SHOULD_FALL if target > start else Code.SHOULD_RISE
    if code in doubts:
        yield _finding(code, kr, (Fix("set_target"), Fix("keep", code)))


def _has_no_target(measure: Measure) -> bool:
    if measure.kind is Kind.NUMBER:
        return measure.target is None
    if measure.kind is Kind.MAINTAIN:
        return measure.low is None and measure.high is None
    if measure.kind is Kind.MILESTONE:
        return not measure.milestones
    return measure.kind is Kind.ORDINAL and measure.rungs is None


def _unit(kr: KeyResult) -> Iterable[Finding]:
    if kr.measure.kind not in (Kind.NUMBER, Kind.MAINTAIN) or kr.measure.unit:
        return
    yield _finding(Code.UNIT_MISSING, kr, tuple(Fix("set_unit", unit) for unit in likely_units(kr.title)))


def likely_units(title: str) -> tuple[str, ...]:
    """The units a title makes likely, the likeliest first; the usual ones where it says nothing."""
    if _RATE.search(title):
        return (PERCENT,)
    likely = tuple(unit for pattern, unit in _UNITS if pattern.search(title))
    return likely or _USUAL_UNITS


def _doubt_fixes(code: Code, measure: Measure) -> tuple[Fix, ...]:
    if code is Code.BASIS_ASSUMED:
        return tuple(Fix("set_basis", str(basis)) for basis in Basis if basis is not measure.basis)
    return DOUBTS[code]


def _whole(
    objective: Objective, key_results: Sequence[KeyResult], upwards: Collection[int], *, top: bool
) -> Iterable[Finding]:
    if not key_results:
        yield _finding(Code.NO_KEY_RESULTS, fixes=(Fix("add_key_result"),))
    if sum((kr.share for kr in key_results if kr.share is not None), Decimal(0)) > ONE:
        yield _finding(Code.SHARES_ABOVE_ONE, fixes=(Fix("even_weights"),))
    if any(kr.id in upwards or kr.id == objective.parent_kr for kr in key_results):
        yield _finding(Code.LOOP, fixes=(Fix("set_parent"),))
    if objective.parent_kr is None and not top:
        yield _finding(Code.NO_DIRECTION_PARENT, fixes=(Fix("set_parent"),))
    if len(key_results) > MOST_KEY_RESULTS:
        yield _finding(Code.TOO_MANY_KEY_RESULTS)


def _twice(
    objective: Objective, key_results: Sequence[KeyResult], others: Sequence[Objective]
) -> Iterable[Finding]:
    rest = [other for other in others if other.id != objective.id and other.state is not State.DELETED]
    if _same(objective.title) in {_same(other.title) for other in rest}:
        yield _finding(Code.DUPLICATE_TITLE, fixes=(Fix("set_title"),))
    seen = {_same(kr.title) for other in rest for kr in other.counting}
    for kr in key_results:
        title = _same(kr.title)
        if title in seen:
            yield _finding(Code.DUPLICATE_TITLE, kr, (Fix("set_title"), Fix("delete")))
        seen.add(title)


def _origins(
    objective: Objective, others: Sequence[Objective], share: Decimal, tolerance: Decimal
) -> Iterable[Finding]:
    rest = [other for other in others if other.id != objective.id]
    split = origins_of([objective, *rest], share=share, tolerance=tolerance)
    if split is not None and not split.within:
        yield _finding(Code.NOT_SEVENTY_THIRTY)


def _same(title: str) -> str:
    return "".join(title.split()).casefold()


def _finding(code: Code, kr: KeyResult | None = None, fixes: tuple[Fix, ...] = ()) -> Finding:
    return Finding(code, code in BLOCKING, kr.id if kr else None, fixes)
