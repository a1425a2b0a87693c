"""A new day turns what is counted by days and months, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

from okr.objectives import Basis
from okr.policy import SHANGHAI, Policy
from scheduler.housekeeping import turn_figures
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal
from tests.storage.test_metrics import METRICS, deliver, fed_by, key_result, point


async def test_means_turn_with_the_day_and_sums_stay(database: Database) -> None:
    async def fill(session: Session) -> tuple[int, int]:
        await employ(session)
        _, mean = await goal(session, fed_by("sales", Basis.DAILY), owner="E0101")
        _, total = await goal(session, fed_by("sales"), owner="E0101")
        await deliver(session, point("1", 100), point("2", 50, NOON - timedelta(days=1)))
        return mean, total

    mean, total = await database.transact(fill)
    due = (NOON + timedelta(hours=12, minutes=5)).astimezone(SHANGHAI)
    policy = Policy(metrics=METRICS)

    said = [await turn_figures.work(database, due, policy) for _ in range(2)]

    assert said == ["1 key results have another figure today", "0 key results have another figure today"]
    seen = [await database.read(partial(key_result, kr_id=kr_id)) for kr_id in (mean, total)]
    assert [kr.value for kr in seen] == [Decimal(75), Decimal(150)]
