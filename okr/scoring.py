"""The final judgement at the close of a cycle: 0.0-1.0, one decimal (docs/rules/scoring.md).

Suggested from the progress, said by the owner, confirmed by the manager. A daily figure (日常指标) is never scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from okr.objectives import Commitment, KeyResult, Kind, Objective
from okr.progress import is_inside, key_result_progress
from okr.refusals import OutOfRange, ReasonNeeded
from okr.weights import kr_weights

ZERO = Decimal(0)
ONE = Decimal(1)
TENTH = Decimal("0.1")
STRONG = Decimal("0.7")
PARTIAL = Decimal("0.4")
TOO_SAFE = Decimal("0.85")
HEALTHY = Decimal("0.6")
SURE = Decimal("0.9")


class Grade(StrEnum):
    """What a score says of a key result."""

    DONE = "完成"
    CLOSE = "差一点"
    MISSED = "没达成"
    TOO_EASY = "目标可能定低了"
    STRONG = "很好"
    PARTIAL = "做成一部分"
    LITTLE = "进展不大"


class Outcome(StrEnum):
    """What a key result is closed as."""

    ACHIEVED = "达成"
    PARTLY = "部分达成"
    MISSED = "未达成"


class Cause(StrEnum):
    """Why a key result did not come further; one is chosen, words may be added."""

    TARGET = "目标定高了"
    PEOPLE = "人手不够"
    MONEY = "预算或货源不够"
    MARKET = "市场或环境变了"
    PRIORITY = "被别的事挤掉了"
    COOPERATION = "配合没跟上"
    METHOD = "办法不对路"
    LATE = "动手晚了"


class Portfolio(StrEnum):
    """What the mean score of many says of how goals are set."""

    TOO_SAFE = "定得太稳"
    HEALTHY = "正好"
    STRAINED = "有点吃力"
    OVERREACHED = "超出能力"


class Ambition(StrEnum):
    """What the confidence in the draft says of its targets."""

    SANDBAGGING = "太稳了"
    SAFE = "偏稳"
    SWEET = "正好"
    DARING = "偏悬"
    FANTASY = "太悬了"


@dataclass(frozen=True, slots=True)
class Scored:
    """A key result's score and its weight in whatever is averaged."""

    commitment: Commitment
    score: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Scores:
    """Weighted means; None where there is none of that kind.

    What was promised and what was dared are not the same thing: where `mixed`, the mean of all is never shown
    without the two.
    """

    all: Decimal | None
    committed: Decimal | None
    stretch: Decimal | None

    @property
    def mixed(self) -> bool:
        return self.committed is not None and self.stretch is not None


def suggested_score(kr: KeyResult, values: Sequence[Decimal] = ()) -> Decimal | None:
    """The score that the numbers suggest; None for a daily figure.

    The progress at the close, half up, but 1.0 only for what was reached. Of a value that was to be kept within
    a band, the share of `values`, all that were reported in the cycle, that lay inside.
    """
    if kr.is_kpi:
        return None
    if kr.measure.kind is not Kind.MAINTAIN:
        return _tenths(key_result_progress(kr).clamped)
    inside = sum(is_inside(kr.measure, value) for value in values)
    return _tenths(Decimal(inside) / len(values)) if values else Decimal("0.0")


def final_score(score: Decimal, suggested: Decimal, *, reason: str = "") -> Decimal:
    """The score as it is kept, one decimal.

    Raises OutOfRange, and ReasonNeeded where it is more than 0.1 away from the suggestion without a word why.
    """
    if not ZERO <= score <= ONE:
        raise OutOfRange(score, ZERO, ONE, "评分")
    kept = score.quantize(TENTH, rounding=ROUND_HALF_UP)
    if abs(kept - suggested) > TENTH and not reason.strip():
        raise ReasonNeeded("评分和进度差得多,")
    return kept


def grade(score: Decimal, commitment: Commitment) -> Grade:
    """What a score means: of a promise only all of it is success, of a dare 0.7 is strong and 1.0 suspicious."""
    if commitment is Commitment.COMMITTED:
        if score >= ONE:
            return Grade.DONE
        return Grade.CLOSE if score >= STRONG else Grade.MISSED
    if score >= ONE:
        return Grade.TOO_EASY
    if score >= STRONG:
        return Grade.STRONG
    return Grade.PARTIAL if score >= PARTIAL else Grade.LITTLE


def outcome(score: Decimal, commitment: Commitment) -> Outcome:
    """What a key result is closed as with this score: of a promise all of it, of a dare 0.7 is achieved."""
    if score >= (ONE if commitment is Commitment.COMMITTED else STRONG):
        return Outcome.ACHIEVED
    return Outcome.PARTLY if score >= PARTIAL else Outcome.MISSED


def asks_for_cause(score: Decimal) -> bool:
    return score < STRONG


def scored(
    objective: Objective, scores: Mapping[int, Decimal], *, weight: Decimal = ONE
) -> tuple[Scored, ...]:
    """The key results of an objective that are scored, their weights summing to its own in the cycle.

    `scores` by key result id; one that has none counts as 0. Daily figures leave and the others keep their
    proportions.
    """
    weights = kr_weights(objective)
    counting = [kr for kr in objective.counting if not kr.is_kpi]
    total = sum((weights[kr.id] for kr in counting), ZERO)
    if not total:
        return ()
    return tuple(
        Scored(kr.commitment, scores.get(kr.id, ZERO), weight * weights[kr.id] / total) for kr in counting
    )


def mean_scores(parts: Iterable[Scored]) -> Scores:
    """The score of an objective by its key results, or of a cycle by the key results of all its objectives."""
    every = tuple(parts)
    return Scores(
        _mean(every),
        _mean([part for part in every if part.commitment is Commitment.COMMITTED]),
        _mean([part for part in every if part.commitment is Commitment.STRETCH]),
    )


def portfolio(mean: Decimal) -> Portfolio:
    if mean > TOO_SAFE:
        return Portfolio.TOO_SAFE
    if mean >= HEALTHY:
        return Portfolio.HEALTHY
    return Portfolio.STRAINED if mean >= PARTIAL else Portfolio.OVERREACHED


def ambition(confidences: Sequence[int]) -> Ambition | None:
    """What the mean confidence (each 0-10) in the key results of a draft says; None where nobody said."""
    if not confidences:
        return None
    mean = Decimal(sum(confidences)) / len(confidences) / 10
    if mean > SURE:
        return Ambition.SANDBAGGING
    if mean > Decimal("0.75"):
        return Ambition.SAFE
    if mean >= PARTIAL:
        return Ambition.SWEET
    return Ambition.DARING if mean >= Decimal("0.25") else Ambition.FANTASY


def _tenths(share: Decimal) -> Decimal:
    rounded = share.quantize(TENTH, rounding=ROUND_HALF_UP)
    return rounded - TENTH if rounded == ONE and share < ONE else rounded


def _mean(parts: Sequence[Scored]) -> Decimal | None:
    total = sum((part.weight for part in parts), ZERO)
    return sum((part.weight * part.score for part in parts), ZERO) / total if total else None
