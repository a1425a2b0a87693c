"""The store staff's roster from the platform's attendance, every night for a week ahead. What was said in the chat about a day stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from functools import partial

from chat.attendance import DAYS, Attendance, WorkDay
from chat.errors import DeliveryFailed, Unreachable
from chat.events import PlatformName
from okr.policy import Policy
from okr.rosters import DayPlan
from scheduler.jobs import Job
from storage import people, rosters, usage
from storage.database import Database
from storage.rosters import TakenIn
from storage.session import Session

GRACE = timedelta(hours=3)
AT_ONCE = 350
"""Days of people in one transaction."""

Sources = Callable[[], AbstractAsyncContextManager[Sequence[Attendance]]]


def job(sources: Sources) -> Job:
    async def work(database: Database, due: datetime, policy: Policy) -> str:
        if not policy.directory.rosters:
            return "switched off"
        now = due.astimezone(policy.zone)
        async with sources() as found:
            said = [await _pull(database, source, now, policy) for source in found]
        return "; ".join(said) or "no attendance to ask"

    return Job("sync_rosters", "50 3 * * *", "从钉钉考勤拉门店员工这一周的排班", work=work, grace=GRACE)


async def _pull(database: Database, source: Attendance, now: datetime, policy: Policy) -> str:
    """Raises Unreachable, so that it is tried again; what is refused is told in the ledger."""
    whom = await database.survey(partial(people.of_stores_on, platform=source.platform))
    if not whom:
        return f"{source.platform}: nobody in a store"
    if await _no_calls_left(database, source.platform, now, policy):
        return f"{source.platform}: no calls left this month"
    operator = await database.survey(partial(_operator, platform=source.platform, policy=policy))
    before = source.calls
    try:
        found = await source.work_days(operator or next(iter(whom)), list(whom), now.date())
    except Unreachable:
        raise
    except DeliveryFailed as refused:
        return f"{source.platform} refused: {refused.code}"
    finally:
        await database.transact(
            partial(
                usage.spend,
                platform=str(source.platform),
                month=f"{now:%Y-%m}",
                what="calls",
                count=source.calls - before,
            )
        )
    plans = plans_of(found, whom, now.date())
    people_, days, changed = set[int](), 0, 0
    for begin in range(0, len(plans), AT_ONCE):
        some = plans[begin : begin + AT_ONCE]
        taken = await database.transact(
            partial(_take_in, some=some, source=str(source.platform), policy=policy)
        )
        people_ |= {plan.employee_id for plan in some}
        days, changed = days + taken.days, changed + taken.changed
    return f"{source.platform}: {len(people_)} people, {days} days, {changed} changed, {source.calls - before} calls"


def plans_of(found: Sequence[WorkDay], whom: dict[str, int], first: date) -> list[DayPlan]:
    """Days of this week of people who were asked for."""
    last = first + timedelta(days=DAYS - 1)
    return [
        DayPlan(whom[one.user_id], one.day, one.hours)
        for one in found
        if one.user_id in whom and first <= one.day <= last
    ]


async def _take_in(session: Session, some: Sequence[DayPlan], source: str, policy: Policy) -> TakenIn:
    free = await rosters.not_said_in_chat(session, some)
    return await rosters.take_in(session, free, policy.zone, source)


async def _operator(session: Session, platform: PlatformName, policy: Policy) -> str:
    """The first administrator who is on the platform."""
    for admin in await people.by_numbers(session, sorted(policy.admins)):
        if (account := await people.account_on(session, admin.id, platform)) is not None:
            return account.user_id
    return ""


async def _no_calls_left(database: Database, platform: PlatformName, now: datetime, policy: Policy) -> bool:
    """Rosters are worth nothing if answers and approvals have to wait for them."""
    if policy.quota is None or not policy.quota.calls or platform is not PlatformName.DINGTALK:
        return False
    spent = await database.survey(partial(usage.spent, month=f"{now:%Y-%m}"))
    return spent.get((str(platform), "calls"), 0) >= policy.quota.usable_calls
