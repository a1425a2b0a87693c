"""Rosters from DingTalk's attendance, over its wire: a week of the store staff, and the chat's word before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.dingtalk.attendance import DingTalkAttendance, days_of
from bot.dingtalk.pacing import Pacing
from chat.errors import Unreachable
from config.settings import DingTalk
from okr.org_chart import DirectoryRule
from okr.policy import Policy
from okr.quota import Quota
from sandbox.cast import CAST
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_dingtalk.world import CallFault
from scheduler import attendance
from storage import rosters, staff, usage
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import LI, WANG, desk
from tests.storage.company import NOON, STAFF, TODAY, person

POLICY = Policy(admins=frozenset({"E0001"}), directory=DirectoryRule(rosters=True))
EARLY, LATE, NIGHT = (time(9), time(18)), (time(13), time(22)), (time(22), time(6))


@dataclass
class Office:
    database: Database
    fake: FakeDingTalk

    def plans(self, user_id: str, day: date, *hours: tuple[time, time]) -> None:
        self.fake.attendance.shifts[(user_id, day)] = hours

    async def pull(self, policy: Policy = POLICY) -> str:
        raw = {
            "enabled": True,
            "client_id": self.fake.client_id,
            "client_secret": self.fake.client_secret,
            "api_base": self.fake.base_url,
            "oapi_base": self.fake.base_url,
        }
        api = DingTalkApi(DingTalk.model_validate(raw), timeout=2.0, pacing=Pacing(1000))

        @asynccontextmanager
        async def sources() -> Any:
            yield [DingTalkAttendance(api, patience=Patience(pace=0.0))]

        work = attendance.job(sources).work
        assert work is not None
        try:
            return await work(self.database, NOON, policy)
        finally:
            await api.close()

    async def roster(self, number: str = LI) -> dict[date, tuple[tuple[time, time], ...]]:
        async def look(session: Session) -> dict[date, tuple[tuple[time, time], ...]]:
            who = await person(session, number)
            found = await rosters.plans(
                session, [who.id], TODAY - timedelta(days=9), TODAY + timedelta(days=9), POLICY.zone
            )
            return {day: plan.hours for (_, day), plan in found.items()}

        return await self.database.read(look)

    async def spent(self) -> int:
        found = await self.database.read(lambda session: usage.spent(session, "2026-11"))
        return found.get(("dingtalk", "calls"), 0)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    fake = FakeDingTalk(WoundClock(NOON), qps=None)
    for member in CAST:
        if member.dingtalk_id:
            fake.add_user(member.dingtalk_id, member.name)
    await fake.start()
    async with desk(database):
        yield Office(database, fake)
    await fake.stop()


async def test_a_week_is_taken_in(office: Office) -> None:
    office.plans("dt-li", TODAY, EARLY)
    office.plans("dt-li", TODAY + timedelta(days=1), NIGHT)
    office.plans("dt-li", TODAY + timedelta(days=2))
    office.plans("dt-li", TODAY + timedelta(days=3), (time(9), time(12)), (time(14), time(20)))
    office.plans("dt-li", TODAY + timedelta(days=7), EARLY)
    office.plans("dt-lin", TODAY, EARLY)

    assert await office.pull() == "dingtalk: 1 people, 4 days, 0 changed, 1 calls"
    assert await office.roster() == {
        TODAY: (EARLY,),
        TODAY + timedelta(days=1): (NIGHT,),
        TODAY + timedelta(days=2): (),
        TODAY + timedelta(days=3): ((time(9), time(12)), (time(14), time(20))),
    }
    assert await office.roster("E0002") == {}, "an office has no roster"
    assert await office.spent() == 1
    assert office.fake.calls["POST /topapi/attendance/schedule/listbyusers"] == 1
    office.plans("dt-li", TODAY, LATE)
    assert await office.pull() == "dingtalk: 1 people, 4 days, 1 changed, 1 calls"


async def test_what_the_manager_said_in_the_chat_stays(office: Office) -> None:
    async with desk(office.database) as company:
        await company.says(WANG, "排班 李四 今天 13:00-22:00")
    office.plans("dt-li", TODAY, EARLY)
    office.plans("dt-li", TODAY + timedelta(days=1), EARLY)
    await office.pull()

    assert await office.roster() == {TODAY: (LATE,), TODAY + timedelta(days=1): (EARLY,)}


@pytest.mark.parametrize(
    ("row", "hours"),
    [
        ({"is_rest": "N", "plan_check_time": "2026-11-24 09:00:00"}, []),
        ({"is_rest": "N"}, []),
        ({"is_rest": "Y"}, [()]),
    ],
)
def test_half_a_shift_is_not_known(row: dict[str, str], hours: list[tuple[()]]) -> None:
    common = {"userid": "dt-li", "work_date": "2026-11-24 00:00:00", "check_type": "OnDuty"}

    assert [day.hours for day in days_of([{**common, **row}])] == hours


async def test_fifty_people_in_a_call(office: Office) -> None:
    rows = [
        replace(STAFF[4], number=f"S{n:03}", name=f"店员{n}", dingtalk_id=f"s{n}", wecom_id="")
        for n in range(100)
    ]
    await office.database.transact(lambda session: staff.take_in(session, rows, NOON))

    assert (await office.pull()).endswith("3 calls")
    assert await office.spent() == 3


async def test_told_to_wait_it_asks_again_and_in_the_end_later(office: Office) -> None:
    office.plans("dt-li", TODAY, EARLY)
    busy = CallFault("/topapi/attendance/*", times=2, status=403, code="90018")
    office.fake.faults.calls.append(busy)
    assert (await office.pull()).startswith("dingtalk: 1 people, 1 days")

    busy.times = 99
    with pytest.raises(Unreachable):
        await office.pull()
    assert await office.roster() == {TODAY: (EARLY,)}


async def test_without_permission_it_says_so(office: Office) -> None:
    office.fake.attendance.permitted = False

    assert await office.pull() == "dingtalk refused: 60011"


async def test_it_is_off_unless_it_is_wanted_and_never_takes_the_last_calls(office: Office) -> None:
    assert await office.pull(Policy()) == "switched off"
    poor = replace(POLICY, quota=Quota(calls=10, reserved=0.2))
    await office.database.transact(lambda session: usage.spend(session, "dingtalk", "2026-11", "calls", 8))
    assert await office.pull(poor) == "dingtalk: no calls left this month"
    assert not office.fake.calls
