"""The month's budget of DingTalk: what has to be folded as it runs short, and a word to the admins at 80 %."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from cards.notices import notice
from chat.answers import Letter, Urgency
from chat.events import PlatformName
from okr.policy import Policy
from okr.quota import WARN_AT, Class, Quota, may_go
from scheduler.jobs import Job
from storage import letters, people, usage
from storage.session import Session


async def allows(
    session: Session, employee_id: int, urgency: Urgency, now: datetime, policy: Policy, *, digest: bool
) -> bool:
    """Whether a letter to somebody may be sent by itself; only what goes by DingTalk costs anything."""
    if policy.quota is None or may_go(Class(urgency), 1.0, 0.0, digest=digest):
        return True
    channels = await people.channels_of(session, employee_id)
    if not channels or channels[0].platform is not PlatformName.DINGTALK:
        return True
    return await _lasts(session, policy.quota, urgency, now, digest=digest)


async def allows_group(
    session: Session, platform: PlatformName, urgency: Urgency, now: datetime, policy: Policy
) -> bool:
    """The same for a letter to a group."""
    if policy.quota is None or platform is not PlatformName.DINGTALK:
        return True
    return await _lasts(session, policy.quota, urgency, now)


async def _lasts(
    session: Session, quota: Quota, urgency: Urgency, now: datetime, *, digest: bool = False
) -> bool:
    calls, pushes = await _spent(session, now)
    return may_go(Class(urgency), quota.share_spent(calls, pushes), _elapsed(now), digest=digest)


async def _spent(session: Session, now: datetime) -> tuple[int, int]:
    """Calls and pushes of this month so far; `now` in company time."""
    spent = await usage.spent(session, f"{now:%Y-%m}")
    return spent.get(("dingtalk", "calls"), 0), spent.get(("dingtalk", "pushes"), 0)


def _elapsed(now: datetime) -> float:
    """The share of the month that is over, today included."""
    return now.day / monthrange(now.year, now.month)[1]


async def run(session: Session, due: datetime, policy: Policy) -> str:
    """Tell the admins once a month that the budget will not last, with where it is heading."""
    if policy.quota is None:
        return "no quota"
    now = due.astimezone(policy.zone)
    calls, pushes = await _spent(session, now)
    share = policy.quota.share_spent(calls, pushes)
    if share < WARN_AT:
        return f"{share:.0%} spent"
    elapsed = _elapsed(now)
    card = notice(
        "quota_short",
        percent=round(share * 100),
        calls=calls,
        pushes=pushes,
        usable_calls=policy.quota.usable_calls,
        usable_pushes=policy.quota.usable_pushes,
        heading_calls=round(calls / elapsed),
        heading_pushes=round(pushes / elapsed),
        day=now.day,
    )
    told = 0
    for admin in await people.by_numbers(session, sorted(policy.admins)):
        letter = Letter(admin.id, card, f"quota:{now:%Y-%m}:{admin.id}", Urgency.DECISION)
        told += await letters.post(session, letter, now) is not None
    return f"{share:.0%} spent, told {told} admins"


JOB = Job("quota_watch", "25 * * * *", "钉钉的额度用到 80% 时告诉管理员", run)
