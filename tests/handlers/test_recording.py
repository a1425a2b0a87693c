"""What a report leaves on its key result, in whatever order reports are heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from handlers import check_ins
from handlers.asking import Asking
from okr.objectives import Basis, Kind, Measure
from okr.policy import Policy
from storage import objectives
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import NOON, employ, goal, message, person

VISITS = Draft("回访", Measure(Kind.NUMBER, "次", Basis.QUARTER, Decimal(0), Decimal(1000), cumulative=True))


async def say(session: Session, words: str, seconds: int) -> None:
    """李四 reports; `seconds` after noon by the platform's stamp."""
    at = NOON + timedelta(seconds=seconds)
    asked = replace(message(f"更新 {words}", f"e:{words}:{seconds}"), at=at)
    asker = await person(session, "E0102")
    await check_ins.update(Asking(asked, asker, session, Policy(), at, text=asked.text, rest=words))


@pytest.mark.parametrize(
    ("reports", "value"),
    [
        ((("+1", 0), ("+1", 1), ("+1", 2)), 3),
        ((("+1", 2), ("+1", 0), ("+1", 1)), 3),
        ((("10", 5), ("+1", 0), ("+2", 6)), 13),
        ((("10", 5), ("12", 0)), 10),
    ],
    ids=["in order", "heard late", "on top of a newer value", "an older value heard late"],
)
async def test_no_change_is_lost_however_late_it_is_heard(
    database: Database, reports: tuple[tuple[str, int], ...], value: int
) -> None:
    async def work(session: Session) -> Decimal | None:
        await employ(session)
        objective_id, kr_id = await goal(session, VISITS)
        for words, seconds in reports:
            await say(session, f"KR{kr_id} {words}", seconds)
        whole = await objectives.by_id(session, objective_id)
        return whole.key_results[0].value if whole else None

    assert await database.transact(work) == value
