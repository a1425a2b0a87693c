"""Sums of comparable people: looked up once for those who are told of them together, and anew when anything came."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from okr.metrics import Window
from okr.policy import SHANGHAI
from storage import sources
from storage.database import Database
from storage.peers import HOLDS, Asked, Peers
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, person
from tests.storage.test_metrics import METRICS, deliver, point

D = Decimal
SPANS = (Window(TODAY, TODAY), Window(TODAY - timedelta(days=7), TODAY - timedelta(days=7)))
WHO = "E0102"


async def sold(session: Session, peers: Peers, now: datetime = NOON) -> tuple[Decimal | None, Decimal | None]:
    """What one has sold, and a week before, as his peers' report has it."""
    one = await person(session, WHO)
    kind = (one.region, one.store_type)
    asked = Asked(SPANS, await sources.heard(session), now.astimezone(SHANGHAI))
    sums = (await peers.sums(session, [kind], METRICS["sales"], METRICS, asked))[kind]
    return sums.now.get(str(one.id)), sums.before.get(str(one.id))


async def sell(session: Session, value: int, at: datetime = NOON) -> None:
    await deliver(session, point(f"{value}@{at}", value, at, employee=WHO), at=at)


async def test_both_spans_of_one_and_nobody_elses(database: Database) -> None:
    async def work(session: Session) -> tuple[Decimal | None, Decimal | None]:
        await employ(session)
        await sell(session, 30)
        await sell(session, 20, NOON - timedelta(days=7))
        await deliver(session, point("other", 99, employee="E0101"))
        return await sold(session, Peers())

    assert await database.transact(work) == (D(30), D(20))


async def test_what_was_looked_up_holds_for_a_minute_and_until_a_source_brings_something(
    database: Database,
) -> None:
    peers = Peers()

    async def silently(session: Session, total: int) -> None:
        await session.run("UPDATE metric_days SET total = ? WHERE day = ?", total * 10**6, TODAY)

    async def work(session: Session) -> list[Decimal | None]:
        await employ(session)
        await sell(session, 30)
        found = [(await sold(session, peers))[0]]
        await silently(session, 31)
        moments = [NOON, NOON + HOLDS - timedelta(seconds=1), NOON + HOLDS]
        found += [(await sold(session, peers, moment))[0] for moment in moments]
        await sell(session, 5, NOON + timedelta(seconds=1))
        found.append((await sold(session, peers, NOON + HOLDS))[0])
        found.append((await sold(session, peers, NOON - timedelta(days=1)))[0])
        return found

    assert await database.transact(work) == [D(30), D(30), D(30), D(31), D(36), D(36)]
