"""How the ways of fed key results are spread over their days: made of history, kept with them (docs/rules/day-targets.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from okr.curve import Curve, curve, curve_text
from okr.day_targets import (
    DayTarget,
    Mean,
    day_target,
    days_to_come,
    is_mean,
    is_spread,
    week_of_targets,
    weeks_that_count,
)
from okr.day_weights import EVEN, LOOKS_BACK, DayWeights, weigh
from okr.metrics import NOTHING, Tally, Window, rescaled, scale_of
from okr.objectives import Basis, KeyResult, Objective, Visibility
from okr.people import Person, unit_of
from okr.units import paths_above
from storage import closed_days, figures, objectives, people
from storage.fed import FED, Scales, is_fed
from storage.figures import Wanted
from storage.series import SeriesKey, series_ids
from storage.session import Session

DAY = timedelta(days=1)
_TIMES = {Basis.MONTH: 3, Basis.WEEKLY: 13, Basis.DAILY: 91}
"""How many of them make about a quarter, to tell the larger of two targets."""


async def settle(session: Session, objective_id: int, scales: Scales) -> None:
    """Give the key results of an objective in force the curves of their days, as when it comes into force."""
    objective = await objectives.by_id(session, objective_id)
    if objective is None:
        return
    owner = (await people.by_ids(session, [objective.owner_id]))[objective.owner_id]
    for kr in objective.key_results:
        await _keep(session, objective, kr, owner, scales)


async def without_own(session: Session, after: int, limit: int) -> list[int]:
    """Objectives in force with a key result that has no curve of its own place yet, by their ids, beginning after one."""
    rows = await session.all(
        f"SELECT DISTINCT o.id {FED} AND k.metric <> '' AND k.basis IN (?, ?) AND k.curve NOT LIKE ? AND o.id > ?"
        " ORDER BY o.id LIMIT ?",
        str(Basis.MONTH),
        str(Basis.QUARTER),
        '%"own":true%',
        after,
        limit,
    )
    return [row[0] for row in rows]


async def of_unit(session: Session, path: str, scales: Scales) -> list[int]:
    """Objectives in force of people of a unit with a key result that data feed, by their ids."""
    rows = await session.all(
        f"SELECT DISTINCT o.id, o.owner_id {FED} AND k.metric <> '' AND (e.department = ? OR e.store = ?)",
        path,
        unit_of(path),
    )
    owners = await people.by_ids(session, sorted({row[1] for row in rows}))
    return sorted(row[0] for row in rows if scales.units.home(owners[row[1]]) == path)


async def curve_for(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales
) -> Curve:
    """The curve that is kept, else that of equal days."""
    end = kr.due or objective.cycle.end
    if kr.curve is not None and (kr.curve.first, kr.curve.last) == (objective.cycle.start, end):
        return kr.curve
    return await _spread(session, objective, kr, owner, scales)


async def target_of(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales, day: date
) -> tuple[DayTarget, Decimal | None] | None:
    """What a day has to bring, and what it has brought so far; None where the target is not one of days."""
    way = await way_of(session, objective, kr, owner, scales, day)
    return (way.target(kr, day), way.brought) if way is not None else None


async def of_day(session: Session, path: str, scales: Scales, day: date) -> dict[str, Decimal]:
    """What a day has to bring of each metric, in its unit, by the goals of a unit's people that all may know of.

    Of several for one metric that of the highest target: the whole unit's, not a part of it.
    """
    found: dict[str, Decimal] = {}
    targets: dict[str, Decimal] = {}
    wholes = await objectives.by_ids(session, await of_unit(session, path, scales))
    owners = await people.by_ids(session, sorted({one.owner_id for one in wholes}))
    for objective in wholes:
        if objective.visibility is not Visibility.PUBLIC:
            continue
        for kr in objective.counting:
            spec = scales.metrics.get(kr.metric)
            if spec is None or kr.metric_own:
                continue
            wanted = await target_of(session, objective, kr, owners[objective.owner_id], scales, day)
            if wanted is None:
                continue
            size = scale_of(spec.shown_unit, kr.measure.unit)
            whole = (kr.measure.target or Decimal(0)) * size * _TIMES.get(kr.measure.basis, 1)
            if whole > targets.get(kr.metric, Decimal(0)):
                found[kr.metric], targets[kr.metric] = wanted[0].amount * size, whole
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """A key result's way to its target as it stands on the morning of a day, in its unit.

    `done`: what counts before that day; `brought`: what the day has brought, None where nothing has come in yet.
    """

    curve: Curve
    done: Decimal
    brought: Decimal | None
    mean: Mean | None = None

    def target(self, kr: KeyResult, day: date) -> DayTarget:
        return day_target(kr, self.curve, self.done, day, self.mean)

    def week(self, kr: KeyResult, day: date) -> dict[date, Decimal]:
        return week_of_targets(kr, self.curve, self.done, day, self.mean)


async def way_of(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales, day: date
) -> Way | None:
    """None where the target is not one of days, or the day is none that counts for it."""
    spec = scales.metrics.get(kr.metric)
    last = kr.due or objective.cycle.end
    if spec is None or not is_fed(kr, scales.metrics) or not objective.cycle.start <= day <= last:
        return None
    if is_spread(kr, spec):
        made = await curve_for(session, objective, kr, owner, scales)
        first, mean = made.span(day)[0], None
    elif is_mean(kr, spec):
        made = await _made(session, objective, kr, owner, scales)
        known = await _mean_of(session, objective, kr, owner, scales, made, day)
        if known is None:
            return None
        first, mean = known
    else:
        return None
    before = await _tally(session, objective, kr, owner, scales, Window(first, day - DAY))
    that_day = await _tally(session, objective, kr, owner, scales, Window(day, day))
    done = rescaled(before.total, spec.shown_unit, kr.measure.unit)
    brought = rescaled(that_day.total, spec.shown_unit, kr.measure.unit) if that_day.days else None
    return Way(made, done, brought, mean)


async def _mean_of(
    session: Session,
    objective: Objective,
    kr: KeyResult,
    owner: Person,
    scales: Scales,
    made: Curve,
    day: date,
) -> tuple[date, Mean] | None:
    """From which day on a mean is made, and of what; None on days of a week that is not whole."""
    first, last = objective.cycle.start, kr.due or objective.cycle.end
    if kr.measure.basis is Basis.DAILY:
        before = await _tally(session, objective, kr, owner, scales, Window(first, day - DAY))
        return first, Mean(before.days, days_to_come(made, day, last), last)
    whole = weeks_that_count(first, last)
    if whole is None or not whole[0] <= day <= whole[1]:
        return None
    monday = day - DAY * day.weekday()
    over = await _tally(session, objective, kr, owner, scales, Window(whole[0], monday - DAY), weeks=True)
    begun = await _tally(session, objective, kr, owner, scales, Window(monday, day - DAY))
    mondays = [monday + DAY * 7 * n for n in range((whole[1] - monday).days // 7 + 1)]
    to_come = [
        one for one in mondays if made.between(max(one, day), one + DAY * 6) or (one < day and begun.days)
    ]
    return whole[0], Mean(over.weeks, len(to_come), whole[1])


async def _tally(
    session: Session,
    objective: Objective,
    kr: KeyResult,
    owner: Person,
    scales: Scales,
    window: Window,
    *,
    weeks: bool = False,
) -> Tally:
    if window.last < window.first:
        return NOTHING
    wanted = Wanted(scales.metrics[kr.metric], kr.measure.basis, objective.cycle, *_whose(kr, owner, scales))
    looked = figures.Looked()
    found, _ = await figures.tally_of(
        session, wanted, wanted.spec, scales.units, window, looked, sum_only=not weeks
    )
    return found


async def usual_of(
    session: Session, kr: KeyResult, owner: Person, scales: Scales, day: date
) -> Decimal | None:
    """What the same weekday of the four weeks before has brought on average, in the key result's unit; None of fewer than two."""
    spec = scales.metrics[kr.metric]
    path, who = _whose(kr, owner, scales)
    ids = await series_ids(session, [SeriesKey(kr.metric, "" if who else scales.units.key(path), who)])
    days, _ = await figures.days_of(session, spec, ids.values(), Window(day - DAY * 28, day - DAY))
    same = [one.total for some in days.values() for one in some if (day - one.day).days % 7 == 0]
    if len(same) < 2:
        return None
    return rescaled(sum(same, Decimal(0)) / len(same), spec.shown_unit, kr.measure.unit)


def _whose(kr: KeyResult, owner: Person, scales: Scales) -> tuple[str, int]:
    """The path of the unit, or the person, whose figures feed it."""
    return ("", owner.id) if kr.metric_own else (scales.units.home(owner), 0)


async def _keep(session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales) -> None:
    made: Curve | None = None
    if is_fed(kr, scales.metrics) and is_spread(kr, scales.metrics.get(kr.metric)):
        made = await _made(session, objective, kr, owner, scales)
        if not made.told_by and 0 not in made.weights:
            made = None
    if made != kr.curve:
        text = curve_text(made) if made else ""
        await session.run("UPDATE key_results SET curve = ? WHERE id = ?", text, kr.id)


async def _made(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales
) -> Curve:
    """By the history of its own place, else of the nearest above that has enough of it, else even."""
    home = scales.units.home(owner)
    places: list[tuple[str, SeriesKey]] = [
        (scales.units.key(path), SeriesKey(kr.metric, scales.units.key(path), 0))
        for path in paths_above(home)
    ]
    if kr.metric_own:
        places.insert(0, (owner.name, SeriesKey(kr.metric, "", owner.id)))
    for place, (name, key) in enumerate(places):
        own = place == 0
        known = kr.curve
        again = own and known is not None and known.own and known.told_by == name
        until = known.until if again and known is not None and known.until else scales.today
        weights = await _weights(session, key, scales, until)
        if weights is not None:
            return await _spread(
                session, objective, kr, owner, scales, weights=weights, name=name, own=own, until=until
            )
    return await _spread(session, objective, kr, owner, scales)


async def _weights(session: Session, key: SeriesKey, scales: Scales, until: date) -> DayWeights | None:
    ids = await series_ids(session, [key])
    window = Window(until - DAY * LOOKS_BACK, until - DAY)
    days, _ = await figures.days_of(session, scales.metrics[key.metric], ids.values(), window)
    history = {one.day: one.total for some in days.values() for one in some}
    return weigh(history, until, scales.calendar)


async def _spread(  # the same days with other weights
    session: Session,
    objective: Objective,
    kr: KeyResult,
    owner: Person,
    scales: Scales,
    *,
    weights: DayWeights = EVEN,
    name: str = "",
    own: bool = False,
    until: date | None = None,
) -> Curve:
    first, last = objective.cycle.start, kr.due or objective.cycle.end
    closed = await closed_days.of(
        session, scales.units.upwards(scales.units.home(owner)), Window(first, last)
    )
    days = [first + DAY * n for n in range((last - first).days + 1)]
    made: Sequence[int] = [weights.of(day, scales.calendar, closed) for day in days]
    if not any(made):
        made = [1] * len(days)
    return curve(
        first,
        made,
        monthly=kr.measure.basis is Basis.MONTH,
        told_by=name,
        own=own,
        days=weights.days,
        weekdays=weights.weekdays if name else (),
        until=until,
    )
