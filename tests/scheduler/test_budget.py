"""The month's budget at work: lower classes are folded as it runs short, and the admins hear of it once."""

from __future__ import annotations

import pytest

from chat.answers import Urgency
from okr.policy import SHANGHAI, Policy
from okr.quota import Quota
from scheduler import budget
from storage import people, usage
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import CHEN, LI, ZHANG, desk
from tests.storage.company import NOON, person

LOCAL = NOON.astimezone(SHANGHAI)
POLICY = Policy(admins=frozenset({CHEN}), quota=Quota(1000, 1000, 0.2))


async def allowed(
    database: Database, number: str, urgency: Urgency, calls: int, *, digest: bool = False
) -> bool:
    async def work(session: Session) -> bool:
        who = (await person(session, number)).id
        await session.run("DELETE FROM usage")
        await usage.spend(session, "dingtalk", "2026-11", "calls", calls)
        return await budget.allows(session, who, urgency, LOCAL, POLICY, digest=digest)

    return await database.transact(work)


@pytest.mark.parametrize(
    ("urgency", "calls", "goes"),
    [
        (Urgency.PRAISE, 400, True), (Urgency.PRAISE, 460, False), (Urgency.REPORT, 460, True), (Urgency.REPORT, 540, False),
        (Urgency.WARNING, 540, True), (Urgency.WARNING, 650, False), (Urgency.COLLABORATION, 900, True), (Urgency.DECISION, 900, True),
    ],
)  # fmt: skip
async def test_lower_classes_wait_first(
    database: Database, urgency: Urgency, calls: int, *, goes: bool
) -> None:
    async with desk(database, POLICY):
        assert await allowed(database, LI, urgency, calls) is goes


async def test_a_digest_goes_longer_and_wecom_costs_nothing(database: Database) -> None:
    async with desk(database, POLICY):
        assert await allowed(database, LI, Urgency.WARNING, 670, digest=True)
        assert not await allowed(database, LI, Urgency.WARNING, 690, digest=True)
        assert await allowed(database, ZHANG, Urgency.PRAISE, 990)


async def test_the_admins_are_told_once_a_month(database: Database) -> None:
    async with desk(database, POLICY) as office:
        assert await office.does(lambda session: budget.run(session, NOON, POLICY)) == "0% spent"
        await office.does(lambda session: usage.spend(session, "dingtalk", "2026-11", "calls", 640))

        assert "told 1 admins" in await office.does(lambda session: budget.run(session, NOON, POLICY))
        assert "told 0 admins" in await office.does(lambda session: budget.run(session, NOON, POLICY))
        [(_, text)] = await office.letters_to(CHEN)
        assert text.startswith("钉钉这个月的额度用了 80%,今天才 24 号")
        assert "调用 640 / 800,照这样到月底 800" in text


async def test_who_is_counted_for_the_forecast(database: Database) -> None:
    async with desk(database, POLICY) as office:
        assert await office.does(people.reached_by_dingtalk) == 5
