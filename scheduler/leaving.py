"""Who has left still has things open: the head of the unit gets them the same day, with a letter (docs/rules/handover.md)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from cards.handover_letters import letters_about, redraws_about
from okr.people import Person
from okr.policy import Policy
from scheduler.jobs import Job
from storage import handover, letters, people, redraws
from storage.database import Database
from storage.handover import Handing
from storage.session import Session

AT_ONCE = 20
"""Leavers in one transaction, so that nobody who chats has to wait for all of them."""
DAYS_TO_CONFIRM = 3


async def settle(session: Session, now: datetime, policy: Policy, limit: int = AT_ONCE) -> int:
    """Hand over what is open with leavers and return of how many. What nobody can take stays until somebody can."""
    local = now.astimezone(policy.zone)
    settled = 0
    for leaver_id in await handover.with_open_things(session, limit):
        leaver = await people.by_id(session, leaver_id)
        assert leaver is not None
        head = await _head(session, leaver, policy)
        if head is not None:
            await _give(session, leaver, head, local, policy)
            settled += 1
    return settled


async def settle_all(database: Database, now: datetime, policy: Policy) -> int:
    """The same for all of them, in small steps."""
    total = 0
    while settled := await database.transact(partial(settle, now=now, policy=policy)):
        total += settled
    return total


async def _head(session: Session, leaver: Person, policy: Policy) -> Person | None:
    """Who leads the unit, or the next above; else the nearest superior who is here; else an administrator."""
    heads = await people.heads_of(session, leaver)
    line = await people.line_above(session, leaver)
    if heads:
        return next((head for head in heads if head.id in line), heads[0])
    above = await people.by_ids(session, line)
    here = [above[one] for one in line if one in above and above[one].active]
    admins = await people.by_numbers(session, sorted(policy.admins))
    return next(iter([*here, *admins]), None)


async def _give(session: Session, leaver: Person, head: Person, now: datetime, policy: Policy) -> None:
    what = await handover.belongings(session, leaver.id)
    admins = [one.id for one in await people.by_numbers(session, sorted(policy.admins))]
    until = policy.calendar.after(now.date(), DAYS_TO_CONFIRM)
    moved = await handover.move(
        session, what, Handing(leaver.id, head.id, now, "", confirm_by=until, admins=admins)
    )
    known = await people.by_ids(
        session, [one for each in moved.redirected for one in (each.to_id, each.applicant_id)]
    )
    for letter in letters_about(moved, leaver, head, known, by=None, once=now.isoformat()):
        await letters.post(session, letter, now)
    for redraw in redraws_about(moved, known):
        await redraws.post(session, redraw, now)


async def work(database: Database, due: datetime, policy: Policy) -> str:
    return f"handed over for {await settle_all(database, due, policy)} leavers"


JOB = Job("hand_over_leavers", "10 * * * *", "离职的人手上没交出去的,交给部门负责人", work=work)
