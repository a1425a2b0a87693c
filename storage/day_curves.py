"""How the ways of fed key results are spread over their days: made of history, kept with them (docs/rules/day-targets.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from okr.curve import Curve, curve, curve_text
from okr.day_targets import DayTarget, day_target, is_spread
from okr.day_weights import EVEN, LOOKS_BACK, DayWeights, weigh
from okr.metrics import Window, rescaled, scale_of
from okr.objectives import Basis, KeyResult, Objective, Visibility
from okr.people import Person, unit_of
from okr.units import paths_above
from storage import closed_days, figures, objectives, people
from storage.fed import FED, Scales, is_fed
from storage.figures import Wanted
from storage.series import SeriesKey, series_ids
from storage.session import Session

DAY = timedelta(days=1)


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
    found = await way_of(session, objective, kr, owner, scales, day)
    if found is None:
        return None
    made, done, today = found
    return day_target(kr, made, done, day), today


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
            if spec is None or kr.metric_own or not is_spread(kr, spec):
                continue
            size = scale_of(spec.shown_unit, kr.measure.unit)
            whole = (kr.measure.target or Decimal(0)) * size
            if whole <= targets.get(kr.metric, Decimal(0)):
                continue
            wanted = await target_of(session, objective, kr, owners[objective.owner_id], scales, day)
            if wanted is not None:
                found[kr.metric], targets[kr.metric] = wanted[0].amount * size, whole
    return found


async def way_of(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales, day: date
) -> tuple[Curve, Decimal, Decimal | None] | None:
    """The curve, what was done before a day since its way began, and what that day has brought, in the key result's unit."""
    spec = scales.metrics.get(kr.metric)
    if spec is None or not is_spread(kr, spec) or not is_fed(kr, scales.metrics):
        return None
    if not objective.cycle.start <= day <= (kr.due or objective.cycle.end):
        return None
    made = await curve_for(session, objective, kr, owner, scales)
    first, _ = made.span(day)
    wanted = Wanted(spec, kr.measure.basis, objective.cycle, *_whose(kr, owner, scales))
    looked = figures.Looked()
    spans = [Window(first, day - DAY), Window(day, day)]
    before, that_day = [
        (await figures.tally_of(session, wanted, spec, scales.units, span, looked, sum_only=True))[0]
        for span in spans
    ]
    done = rescaled(before.total, spec.shown_unit, kr.measure.unit)
    brought = rescaled(that_day.total, spec.shown_unit, kr.measure.unit) if that_day.days else None
    return made, done, brought


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
