"""Deliveries side by side, in whatever portions: the figures are those of the points as they were said last."""

from __future__ import annotations

import asyncio

import pytest

from bot import intake
from bot.intake import Intake
from okr.policy import SHANGHAI
from okr.units import Units
from storage import precedence, units
from storage.database import Database
from storage.fed import Scales
from storage.ingesting import Delivery
from storage.session import Session
from tests.storage.company import NOON, employ
from tests.storage.test_figures_recomputed import Bound, Source, bind, figures_agree, key_results_agree
from tests.storage.test_metrics import METRICS


@pytest.mark.parametrize("step", [3, 17, 1000])
async def test_no_portioning_changes_a_figure(
    database: Database, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Three deliver at the same time, each its own points and again what it has said, while people chat."""
    for size in ("STEP", "LONG_STEP"):
        monkeypatch.setattr(intake, size, {True: step, False: step})
    sources = {f"POS{n}": Source(step + n) for n in range(3)}
    taking = Intake(database)

    async def furnish(session: Session) -> tuple[Bound, Units]:
        await employ(session)
        return await bind(session), await units.known(session)

    bound, known = await database.transact(furnish)

    async def deliver(name: str, source: Source) -> None:
        for _ in range(4):
            said = [source.next() for _ in range(source.random.randrange(1, 60))]
            outcome = await taking.take(said, Delivery(name, NOON, SHANGHAI, METRICS, known))
            assert outcome.accepted + outcome.duplicates == len(said)

    async def chat() -> None:
        for _ in range(10):
            await database.transact(lambda session: session.one("SELECT 1"))

    async with asyncio.TaskGroup() as group:
        for name, source in sources.items():
            group.create_task(deliver(name, source))
        group.create_task(chat())

    async def check(session: Session) -> None:
        held = {f"{name}:{key}": raw for name, source in sources.items() for key, raw in source.held.items()}
        await figures_agree(session, Scales(METRICS, known, SHANGHAI, NOON), held)
        await key_results_agree(session, bound, held)

    await database.transact(check)


async def test_the_same_point_from_two_at_once_counts_once(database: Database) -> None:
    known = await database.transact(_employed)
    said = [
        {"id": f"p{n}", "metric": "sales", "unit": "西湖店", "at": NOON.isoformat(), "value": "1"}
        for n in range(300)
    ]
    taking = [Intake(database), Intake(database)]
    delivery = Delivery("POS", NOON, SHANGHAI, METRICS, known)

    outcomes = await asyncio.gather(*(one.take(said, delivery) for one in taking))

    # Who of the two was first may change from step to step.
    assert [one.accepted + one.duplicates for one in outcomes] == [300, 300]
    assert sum(one.accepted for one in outcomes) == 300


async def test_nothing_is_kept_while_somebody_is_being_heard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "LONGEST", 1e9)
    monkeypatch.setattr(precedence, "PAUSE", 0.0)
    known = await database.transact(_employed)
    said = [
        {"id": f"p{n}", "metric": "sales", "unit": "西湖店", "at": NOON.isoformat(), "value": "1"}
        for n in range(300)
    ]

    async def kept(session: Session) -> int:
        row = await session.one("SELECT count(*) FROM metric_points")
        assert row is not None
        number: int = row[0]
        return number

    with database.precedence.taken():
        taking = asyncio.create_task(
            Intake(database).take(said, Delivery("POS", NOON, SHANGHAI, METRICS, known))
        )
        assert [await database.transact(kept) for _ in range(300)] == [0] * 300

    assert (await taking).accepted == 300
    assert await database.transact(kept) == 300


async def _employed(session: Session) -> Units:
    await employ(session)
    return await units.known(session)
