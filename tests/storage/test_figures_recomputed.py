"""Every figure that a key result shows, against one computed from the raw points alone, by nothing of the house's own.

Points come late, twice, corrected and moved, in portions of any size; with each delivery all figures must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from okr.objectives import Basis
from okr.policy import SHANGHAI
from storage import fed, figures, units
from storage.database import Database
from storage.fed import Scales
from storage.figures import Wanted
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, goal, person
from tests.storage.test_metrics import METRICS, Q4, deliver, fed_by, key_result, point

XIHU, BINJIANG, EAST, HEAD = "总部/华东区/西湖店", "总部/华东区/滨江店", "总部/华东区", "总部"
BASES = (Basis.QUARTER, Basis.MONTH, Basis.DAILY, Basis.WEEKLY, Basis.LATEST)
CREW = {"E0101": XIHU, "E0102": XIHU, "E0201": BINJIANG}


@dataclass(frozen=True)
class Raw:
    metric: str
    unit: str
    employee: str
    at: datetime
    value: Decimal
    order: int

    @property
    def day(self) -> date:
        """In Shanghai, which is eight hours ahead."""
        return (self.at.astimezone(UTC) + timedelta(hours=8)).date()


Belongs = Callable[[Raw], bool]
Bound = dict[int, tuple[str, Basis, Belongs]]
"""Key results, each with its metric, its basis and whose points it counts."""


def rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def total(points: Iterable[Raw]) -> Fraction:
    return sum((Fraction(one.value) for one in points), Fraction(0))


def expected(raw: Iterable[Raw], metric: str, basis: Basis, belongs: Belongs) -> Decimal | None:
    """By the words of docs/rules/metrics.md, on 24 November."""
    spec = METRICS[metric]
    first = date(2026, 11, 1) if basis is Basis.MONTH else Q4.start
    mine = [one for one in raw if belongs(one) and first <= one.day <= TODAY]
    if spec.kind == "ratio":
        upper = [one for one in mine if one.metric == spec.numerator]
        lower = total(one for one in mine if one.metric == spec.denominator)
        return rounded(total(upper) * 100 / lower) if lower else None
    mine = [one for one in mine if one.metric == metric]
    return _summed(raw, mine, metric, basis, belongs) if spec.kind == "cumulative" else _read(mine, basis)


def _summed(
    raw: Iterable[Raw], mine: list[Raw], metric: str, basis: Basis, belongs: Belongs
) -> Decimal | None:
    if basis is Basis.MONTH and not mine:
        ever = any(one.metric == metric and belongs(one) for one in raw)
        return Decimal(0) if ever else None
    if not mine:
        return None
    if basis is Basis.LATEST:
        newest = max(one.day for one in mine)
        return rounded(total(one for one in mine if one.day == newest))
    if basis is Basis.DAILY:
        over = [one for one in mine if one.day < TODAY] or mine
        return rounded(total(over) / len({one.day for one in over}))
    if basis is Basis.WEEKLY:
        begin = monday(Q4.start + timedelta(days=6))
        whole = [one for one in mine if begin <= one.day < monday(TODAY)]
        over = whole or [one for one in mine if one.day < TODAY] or mine
        return rounded(total(over) / len({monday(one.day) for one in over}))
    return rounded(total(mine))


def _read(mine: list[Raw], basis: Basis) -> Decimal | None:
    lasts: dict[date, Raw] = {}
    for one in sorted(mine, key=lambda one: (one.at, one.order)):
        lasts[one.day] = one
    if not lasts:
        return None
    if basis is Basis.DAILY:
        return rounded(total(lasts.values()) / len(lasts))
    if basis is Basis.WEEKLY:
        weeks: dict[date, list[Fraction]] = {}
        for day, one in lasts.items():
            weeks.setdefault(monday(day), []).append(Fraction(one.value))
        return rounded(
            sum((sum(days, Fraction(0)) / len(days) for days in weeks.values()), Fraction(0)) / len(weeks)
        )
    return rounded(Fraction(lasts[max(lasts)].value))


def at_or_below(path: str) -> Belongs:
    return lambda one: one.unit == path or one.unit.startswith(f"{path}/")


def exactly(path: str) -> Belongs:
    return lambda one: one.unit == path and not one.employee


def of(number: str) -> Belongs:
    return lambda one: one.employee == number


class Source:
    """Sends anything again, late, corrected or moved. No two readings are of one moment: of those the order decides."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.held: dict[str, Raw] = {}
        self.sent = 0

    def next(self) -> dict[str, Any]:
        self.sent += 1
        point_id = f"p{self.random.randrange(120)}"
        held = self.held.get(point_id)
        if held is not None and self.random.random() < 0.3:
            one = held  # once more
        else:
            one = self._anything()
            self.held[point_id] = one
        return point(
            point_id,
            one.value,
            one.at,
            metric=one.metric,
            unit=one.unit,
            **({"employee": one.employee} if one.employee else {}),
        )

    def _anything(self) -> Raw:
        random = self.random
        metric = random.choice(["sales", "orders", "visitors", "stock"])
        number = "" if metric == "stock" or random.random() < 0.4 else random.choice(list(CREW))
        unit = CREW[number] if number else random.choice([XIHU, BINJIANG])
        minutes = random.choice([random.randrange(60 * 24 * 60), random.randrange(60 * 24 * 9)])
        at = (NOON - timedelta(minutes=minutes)).replace(second=self.sent % 60, microsecond=self.sent)
        value = Decimal(random.randrange(0 if metric != "sales" else -2000, 90_000)) / 100
        return Raw(metric, unit, number, at, value, self.sent)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_figure_is_what_the_raw_points_say(database: Database, seed: int) -> None:
    source = Source(seed)

    async def work(session: Session) -> None:
        await employ(session)
        bound = await bind(session)
        for _ in range(12):
            await deliver(session, *(source.next() for _ in range(source.random.randrange(1, 60))))
        scales = Scales(METRICS, await units.known(session), SHANGHAI, NOON)
        await figures_agree(session, scales, source.held)
        await key_results_agree(session, bound, source.held)

    await database.transact(work)


async def key_results_agree(session: Session, bound: Bound, held: Mapping[str, Raw]) -> None:
    for kr_id, (metric, basis, belongs) in bound.items():
        shown = (await key_result(session, kr_id)).value
        said = expected(held.values(), metric, basis, belongs)
        assert said is None or shown == said, (metric, basis, kr_id)


async def bind(session: Session) -> Bound:
    bound: Bound = {}
    for owner, belongs in (
        ("E0101", at_or_below(XIHU)),
        ("E0003", at_or_below(EAST)),
        ("E0001", at_or_below(HEAD)),
    ):
        for metric in ("sales", "orders", "conversion"):
            for basis in BASES:
                _, kr_id = await goal(session, fed_by(metric, basis, METRICS[metric].shown_unit), owner=owner)
                bound[kr_id] = (metric, basis, belongs)
    for basis in BASES:
        _, kr_id = await goal(session, fed_by("sales", basis, metric_own=True), owner="E0102")
        bound[kr_id] = ("sales", basis, of("E0102"))
        _, kr_id = await goal(session, fed_by("stock", basis, "件"), owner="E0201")
        bound[kr_id] = ("stock", basis, exactly(BINJIANG))
    return bound


async def figures_agree(session: Session, scales: Scales, held: Mapping[str, Raw]) -> None:
    """Asked for one by one, and many looked up together: the same."""
    wanted: list[tuple[Wanted, Belongs]] = []
    for spec in METRICS.values():
        for basis in BASES:
            places = (XIHU, BINJIANG) if spec.kind == "snapshot" else (XIHU, BINJIANG, EAST, HEAD)
            near = exactly if spec.kind == "snapshot" else at_or_below
            wanted += [(Wanted(spec, basis, Q4, path), near(path)) for path in places]
            if spec.kind != "snapshot":
                for number in CREW:
                    who = (await person(session, number)).id
                    wanted.append((Wanted(spec, basis, Q4, employee_id=who), of(number)))
    many = [one for one, _ in wanted]
    looked = await figures.look_up(session, many, scales.metrics, scales.units, scales.today)
    for one, belongs in wanted:
        said = expected(held.values(), one.spec.key, one.basis, belongs)
        for known in (None, looked):
            counted = await figures.count(session, one, scales.metrics, scales.units, scales.today, known)
            assert counted is not None
            assert counted.figure.value == said, (one, said)


async def test_a_metric_that_is_no_longer_counted_moves_nothing(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales"), owner="E0101")
        known = Scales({}, await units.known(session), SHANGHAI, NOON)
        assert await fed.turn(session, [kr_id], known) == []

    await database.transact(work)
