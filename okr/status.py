"""The light of a goal, and whether it keeps pace (docs/rules/status.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okr.cycle import Span
from okr.expected import expected, expected_of
from okr.numbers import points_between
from okr.objectives import KeyResult, Kind, Objective, State, Status
from okr.policy import Policy
from okr.progress import Progress, key_result_progress
from okr.scoring import Outcome, outcome
from okr.weights import kr_weights

ZERO = Decimal(0)
ONE = Decimal(1)
TARGET_RUNG = Decimal("0.7")
"""An ordinal key result has reached its target here; 1 is the stretch."""
CONFIDENCE_LOW = 3
CONFIDENCE_SHAKY = 5
"""悬 and 有点悬 of 0-10: the only early signal of what is done or not done."""
PACED = frozenset({Kind.NUMBER, Kind.MILESTONE, Kind.ORDINAL})
"""Only these are compared with the calendar."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`expected` is a share (0-1); `gap_points` is expected minus progress, in points: positive is behind.

    The gap is that of the whole percents people see, and the light is judged by it: who subtracts 48% from
    58% on a card and reads "from 10 points on" must not find another light.

    `paced` is false where expected and gap are not to be shown: nothing is expected in part of a yes/no or a
    maintained key result.
    """

    status: Status
    progress: Progress
    expected: Decimal
    gap_points: Decimal
    paced: bool = True


@dataclass(frozen=True, slots=True)
class ObjectiveVerdict:
    """`verdicts` and `weights` by key result id, only of those that count; weights sum to 1.

    `focus` is the key result whose weighted gap is the largest: what is most worth a push now. None where
    nothing lags.
    """

    status: Status
    progress: Progress
    expected: Decimal
    gap_points: Decimal
    verdicts: Mapping[int, Verdict]
    weights: Mapping[int, Decimal]
    focus: int | None


def judge(kr: KeyResult, cycle: Span, today: date, policy: Policy, *, outside_running: int = 1) -> Verdict:
    """Everything the rules say about a key result on a day.

    Of the rules for its light the first that speaks holds: closed, overdue, achieved, not begun, not
    updated, its kind's.

    `outside_running`: for a maintained value that is outside its band, how many readings running were.
    """
    progress = key_result_progress(kr)
    share = expected_of(kr, cycle, today)
    gap = Decimal(points_between(share, progress.clamped))
    status = (
        _settled(kr, cycle, today, progress)
        or _stale(kr, cycle, today, policy)
        or _by_band(kr, progress, outside_running)
        or _by_confidence(kr)
        or _by_gap(gap, cycle, today, policy)
    )
    return Verdict(status, progress, share, gap, kr.measure.kind in PACED)


def key_result_status(
    kr: KeyResult, cycle: Span, today: date, policy: Policy, *, outside_running: int = 1
) -> Status:
    return judge(kr, cycle, today, policy, outside_running=outside_running).status


def judge_objective(
    objective: Objective, today: date, policy: Policy, *, outside_running: Mapping[int, int] | None = None
) -> ObjectiveVerdict:
    """Everything the rules say about an objective: the worst light, the weighted mean, and what to push.

    `outside_running` by key result id, where it is known to be more than 1.
    """
    cycle, running = objective.cycle, outside_running or {}
    verdicts = {
        kr.id: judge(kr, cycle, today, policy, outside_running=running.get(kr.id, 1))
        for kr in objective.counting
    }
    weights = kr_weights(objective)
    done = sum((weights[kr_id] * verdict.progress.clamped for kr_id, verdict in verdicts.items()), ZERO)
    share = expected(cycle, today)
    return ObjectiveVerdict(
        status=_objective_status(objective, verdicts),
        progress=Progress(done, done),
        expected=share,
        gap_points=Decimal(points_between(share, done)),
        verdicts=verdicts,
        weights=weights,
        focus=_focus(verdicts, weights),
    )


def objective_status(
    objective: Objective, today: date, policy: Policy, *, outside_running: Mapping[int, int] | None = None
) -> Status:
    return judge_objective(objective, today, policy, outside_running=outside_running).status


_SEVERITY = {
    status: rank
    for rank, status in enumerate(
        (Status.DUE, Status.AT_RISK, Status.BEHIND, Status.STALE, Status.ON_TRACK, Status.ACHIEVED)
    )
}
_OUTCOMES = frozenset({Status.ACHIEVED, Status.MISSED, Status.CANCELLED})


def worst(statuses: list[Status]) -> Status:
    """The light of a whole by its parts. One that nobody reported does not hide that the others run.

    While a part is open, a part that was closed without success does not colour the whole.
    """
    if not statuses or all(status is Status.NOT_STARTED for status in statuses):
        return Status.NOT_STARTED
    if all(status in _OUTCOMES for status in statuses):
        return Status.MISSED if Status.MISSED in statuses else Status.ACHIEVED
    lit = [Status.ON_TRACK if status not in _SEVERITY else status for status in statuses]
    return min(lit, key=_SEVERITY.__getitem__)


def _objective_status(objective: Objective, verdicts: Mapping[int, Verdict]) -> Status:
    if objective.state in (State.CANCELLED, State.DELETED):
        return Status.CANCELLED
    if objective.state in (State.DRAFT, State.PENDING):
        return Status.NOT_STARTED
    if objective.state is State.CLOSED:
        reached = bool(verdicts) and all(
            verdict.status is Status.ACHIEVED or verdict.progress.raw >= ONE for verdict in verdicts.values()
        )
        return Status.ACHIEVED if reached else Status.MISSED
    return worst([verdict.status for verdict in verdicts.values()])


def _focus(verdicts: Mapping[int, Verdict], weights: Mapping[int, Decimal]) -> int | None:
    lagging = [
        (weights[kr_id] * (verdict.expected - verdict.progress.clamped), kr_id)
        for kr_id, verdict in verdicts.items()
        if verdict.gap_points > ZERO and verdict.status not in _OUTCOMES
    ]
    return max(lagging, key=lambda lag: (lag[0], -lag[1]))[1] if lagging else None


def _settled(kr: KeyResult, cycle: Span, today: date, progress: Progress) -> Status | None:
    """What needs no look at the pace: over, past its day, done, or not begun."""
    if kr.state is not State.ACTIVE:
        return _at_rest(kr, progress)
    if today > (kr.due or cycle.end):
        return Status.DUE
    if _is_achieved(kr, progress):
        return Status.ACHIEVED
    return None if _is_started(kr, progress) or _is_overdue(kr) else Status.NOT_STARTED


def _is_overdue(kr: KeyResult) -> bool:
    return kr.overdue and not kr.metric


def _at_rest(kr: KeyResult, progress: Progress) -> Status:
    """The light of what is not in force: an outcome when it is over, no judgement while it waits."""
    if kr.state in (State.CANCELLED, State.DELETED):
        return Status.CANCELLED
    if kr.state is State.CLOSED:
        if kr.score is not None:
            return Status.ACHIEVED if outcome(kr.score, kr.commitment) is Outcome.ACHIEVED else Status.MISSED
        reached = progress.raw >= ONE or _is_achieved(kr, progress)
        return Status.ACHIEVED if reached else Status.MISSED
    if kr.state is State.PAUSED and _is_started(kr, progress):
        return Status.ON_TRACK
    return Status.NOT_STARTED


def _is_achieved(kr: KeyResult, progress: Progress) -> bool:
    """A maintained value is never achieved before its end: tomorrow counts too."""
    if kr.measure.kind is Kind.MAINTAIN:
        return False
    return progress.raw >= (TARGET_RUNG if kr.measure.kind is Kind.ORDINAL else ONE)


def _is_started(kr: KeyResult, progress: Progress) -> bool:
    """Somebody or something has reported; of a yes/no, saying how sure one is is a report too."""
    if kr.reading is not None or progress.raw > ZERO:
        return True
    return kr.confidence is not None and kr.measure.kind not in PACED and kr.measure.kind is not Kind.MAINTAIN


def _stale(kr: KeyResult, cycle: Span, today: date, policy: Policy) -> Status | None:
    """Typed, in a running cycle, and last so more than a rhythm ago, or not for the week's report however often asked."""
    if _is_overdue(kr):
        return Status.STALE
    if kr.reading is None or kr.metric or today < cycle.start:
        return None
    if (today - kr.reading.at.date()).days < policy.rhythm_days:  # a zone shifts the date by one at most
        return None
    age = today - kr.reading.at.astimezone(policy.zone).date()
    return Status.STALE if age.days > policy.rhythm_days else None


def _by_band(kr: KeyResult, progress: Progress, outside_running: int) -> Status | None:
    if kr.measure.kind is not Kind.MAINTAIN:
        return None
    if progress.raw >= ONE:
        return Status.ON_TRACK
    return Status.AT_RISK if outside_running >= 2 else Status.BEHIND


def _by_confidence(kr: KeyResult) -> Status | None:
    if kr.measure.kind in PACED:
        return None
    if kr.confidence is None or kr.confidence > CONFIDENCE_SHAKY:
        return Status.ON_TRACK
    return Status.AT_RISK if kr.confidence <= CONFIDENCE_LOW else Status.BEHIND


def _by_gap(gap: Decimal, cycle: Span, today: date, policy: Policy) -> Status:
    """Behind the calendar; in the first part of a cycle a gap says nothing yet."""
    silent_days = policy.silent_share * (cycle.end - cycle.start).days
    if (today - cycle.start).days < silent_days or gap < policy.behind_points:
        return Status.ON_TRACK
    return Status.AT_RISK if gap >= policy.at_risk_points else Status.BEHIND
