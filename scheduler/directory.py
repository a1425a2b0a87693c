"""The company's people come from the platforms' directories (docs/rules/directory.md).

A sync reads everything first and writes then, in small transactions of which each may be done twice: broken off anywhere,
the next one does the rest. Nobody leaves because a listing lacks him: the platform is asked for each one by himself, and
where very many are missing nobody leaves at all until an admin says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from cards.directory_letters import letters_about_many_leavers, letters_about_new_superior
from cards.handover_letters import redraws_about
from chat.directory import Directory, Hidden, Listing, Member, key_of
from chat.errors import DeliveryFailed, Unreachable
from chat.events import PlatformName
from okr.org_chart import too_many
from okr.policy import Policy
from scheduler import leaving
from scheduler.jobs import Job
from storage import (
    directory,
    directory_intake,
    directory_leaving,
    directory_places,
    letters,
    people,
    redraws,
    usage,
)
from storage.database import Database
from storage.directory import Known
from storage.directory_intake import Doubtful, Taken
from storage.directory_places import NewSuperior
from storage.session import Session

AT_ONCE = 100
"""People in one transaction, so that nobody who chats has to wait for all of them."""

SUNDAY = 7
GRACE = timedelta(hours=3)
"""So long a night's sync that could not be done is tried again."""

Step = Callable[[int], None]
T = TypeVar("T")


@dataclass
class Report:
    """What a sync came to; `refused`: the names of those who are missing and were not taken for leavers."""

    taken: Taken = field(default_factory=Taken)
    units: int = 0
    moved: int = 0
    left: int = 0
    hidden: int = 0
    refused: dict[PlatformName, list[str]] = field(default_factory=dict)
    calls: dict[PlatformName, int] = field(default_factory=dict)
    failed: dict[PlatformName, DeliveryFailed] = field(default_factory=dict)
    """Directories that did not answer whole: of what they said nothing was taken in."""

    @property
    def line(self) -> str:
        """For the ledger: numbers, and nobody's name."""
        refused = sum(len(names) for names in self.refused.values())
        ends = [f"{platform} {count} calls" for platform, count in self.calls.items()]
        ends += [f"{platform} failed: {failed.code}" for platform, failed in self.failed.items()]
        return (
            f"new {self.taken.new}, changed {self.taken.changed}, moved {self.moved}, same {self.taken.same}, left {self.left},"
            f" doubtful {len(self.taken.doubtful)}, refused {refused}; {', '.join(ends)}"
        )


@dataclass(frozen=True, slots=True)
class Run:
    """What all steps of one sync need. `now`: in company time."""

    database: Database
    now: datetime
    policy: Policy
    order: Sequence[PlatformName]
    allow_many: bool = False


async def sync(
    database: Database,
    sources: Sequence[Directory],
    now: datetime,
    policy: Policy,
    *,
    all_details: bool = True,
    allow_many: bool = False,
    told: Step = lambda _count: None,
) -> Report:
    """Pull every directory and take it in; one that does not answer whole changes nothing and hinders no other.

    `all_details`: ask for everybody's superior, not only for that of who is new or has changed.
    """
    order = await order_of(database, sources, policy)
    run = Run(database, now.astimezone(policy.zone), policy, order, allow_many)
    report = Report()
    for source in sources:
        try:
            await _sync_one(run, source, report, all_details=all_details, told=told)
        except DeliveryFailed as failed:
            report.failed[source.platform] = failed
    await settle(run, report)
    return report


async def order_of(
    database: Database, sources: Sequence[Directory], policy: Policy
) -> tuple[PlatformName, ...]:
    """Whose word counts first: as the company says, and only directories that are in use."""
    there = {source.platform for source in sources} | await database.survey(directory.in_use)
    said = [PlatformName(name) for name in policy.directory.order]
    return tuple(dict.fromkeys(one for one in [*said, *PlatformName] if one in there))


async def _sync_one(run: Run, source: Directory, report: Report, *, all_details: bool, told: Step) -> None:
    platform = source.platform
    known = await run.database.survey(partial(directory.members, platform=platform))
    before = source.calls

    def wanted(member: Member) -> bool:
        was = known.get(key_of(platform, member.user_id))
        return (
            all_details
            or was is None
            or was.gone
            or was.manager is None
            or was.mark != directory_intake.mark_of(member)
        )

    try:
        listing = await source.pull(wanted, told)
        report.units += await run.database.transact(
            partial(_keep_units, platform=platform, listing=listing, at=run.now)
        )
        members = list(listing.members.values())
        for some in chunks(members):
            report.taken.add(
                await run.database.transact(
                    partial(
                        directory_intake.take_in,
                        platform=platform,
                        some=some,
                        at=run.now,
                        order=run.order,
                        listed=listing.members.keys(),
                    )
                )
            )
        missing = [key for key, one in known.items() if not one.gone and key not in listing.members]
        await part_with(run, source, {key: known[key] for key in missing}, report)
    finally:
        await charge(run, source, source.calls - before, report)


async def _keep_units(session: Session, platform: PlatformName, listing: Listing, at: datetime) -> int:
    await directory.take_turn(session, at)
    await directory.forget_changes(session, platform, at)
    return await directory.keep_units(session, platform, listing.units)


# --- who is missing ---


async def part_with(run: Run, source: Directory, missing: Mapping[str, Known], report: Report) -> None:
    """Ask for each of them by himself; only whom the platform does not know any more has left, and never a crowd."""
    if not await may_leave(run, source.platform, missing, report):
        return
    gone = []
    for key, one in missing.items():
        try:
            if await source.member(one.user_id) is None:
                gone.append(key)
        except Hidden:
            report.hidden += 1
    await let_go(run, source.platform, gone, report)


async def may_leave(run: Run, platform: PlatformName, missing: Mapping[str, Known], report: Report) -> bool:
    """Whether they are few enough, with those who have left today already; else the admins are told."""
    known = await run.database.survey(partial(_known_people, platform=platform))
    midnight = run.now.replace(hour=0, minute=0, second=0, microsecond=0)
    gone_today = await run.database.survey(partial(directory.gone_since, platform=platform, since=midnight))
    likely = {key: one for key, one in missing.items() if one.employee_id is not None}
    many = too_many(len(likely) + gone_today, known + gone_today, run.policy.directory.most_leavers)
    if many and not run.allow_many:
        await _refuse(run, platform, likely, known + gone_today, report)
    return run.allow_many or not many


async def let_go(run: Run, platform: PlatformName, gone: Sequence[str], report: Report) -> None:
    for some in chunks(gone):
        left = await run.database.transact(
            partial(directory_leaving.leave, platform=platform, keys=some, at=run.now, today=run.now.date())
        )
        report.left += len(left)


async def _known_people(session: Session, platform: PlatformName) -> int:
    return len(await directory.seats(session, platform))


async def _refuse(
    run: Run, platform: PlatformName, missing: Mapping[str, Known], known: int, report: Report
) -> None:
    """Nobody leaves, and the admins are told."""

    async def tell(session: Session) -> list[str]:
        found = await people.by_ids(
            session, sorted({one.employee_id for one in missing.values() if one.employee_id is not None})
        )
        names = [person.name for person in sorted(found.values(), key=lambda person: person.number)]
        admins = [one.id for one in await people.by_numbers(session, sorted(run.policy.admins))]
        for letter in letters_about_many_leavers(
            platform,
            names,
            known=known,
            most=run.policy.directory.most_leavers,
            admins=admins,
            day=f"{run.now:%Y-%m-%d}",
        ):
            await letters.post(session, letter, run.now)
        return names

    report.refused[platform] = await run.database.transact(tell)


# --- where everybody belongs ---


async def settle(run: Run, report: Report) -> None:
    """Departments and superiors as the directories have them now, then what leavers leave behind."""
    wanted = await run.database.survey(partial(directory_places.placings, order=run.order))
    moving = frozenset(one.employee_id for one in wanted if one.department is not None)
    report.moved += len(wanted)
    for some in chunks(wanted):
        await run.database.transact(partial(_place, some=some, moving=moving, run=run))
    await leaving.settle_all(run.database, run.now, run.policy)


async def _place(
    session: Session, some: Sequence[directory_places.Placing], moving: frozenset[int], run: Run
) -> None:
    changed = await directory_places.put_in_place(session, some, moving, run.now)
    admins = [one.id for one in await people.by_numbers(session, sorted(run.policy.admins))]
    for one in changed:
        await _pass_on(session, one, run.now, admins)


async def _pass_on(session: Session, one: NewSuperior, now: datetime, admins: Sequence[int]) -> None:
    """Who has another superior has his requests decided by that one."""
    moved = await directory_places.pass_on_decisions(session, one, now, admins)
    if moved is None or one.now_id is None:
        return
    concerned = [one.employee_id, one.now_id]
    for each in moved.redirected:
        concerned += [each.to_id, each.applicant_id]
    known = await people.by_ids(session, concerned)
    for letter in letters_about_new_superior(moved, known[one.employee_id], known[one.now_id], known, now):
        await letters.post(session, letter, now)
    for redraw in redraws_about(moved, known):
        await redraws.post(session, redraw, now)


# --- every night ---


Sources = Callable[[], AbstractAsyncContextManager[Sequence[Directory]]]
"""Opens the directories of the platforms that are enabled."""


def job(sources: Sources) -> Job:
    """Every night what has been pulled by hand once; on Sundays with everybody's superior, else only with those of who is new
    or has changed.
    """

    async def work(database: Database, due: datetime, policy: Policy) -> str:
        if not policy.directory.nightly:
            return "switched off"
        used = await database.survey(directory.in_use)
        async with sources() as found:
            wanted = [source for source in found if source.platform in used]
            if not wanted:
                return "nothing was pulled by hand yet"
            sunday = due.astimezone(policy.zone).isoweekday() == SUNDAY
            report = await sync(database, wanted, due, policy, all_details=sunday)
        for failed in report.failed.values():
            if isinstance(failed, Unreachable):
                raise failed
        return report.line

    return Job(
        "sync_directory",
        "40 2 * * *",
        "从钉钉、企业微信的通讯录更新部门、人员和上下级",
        work=work,
        grace=GRACE,
    )


# --- what it costs ---


async def charge(run: Run, source: Directory, calls: int, report: Report) -> None:
    """Count the calls, and where the platform does, write them down."""
    report.calls[source.platform] = report.calls.get(source.platform, 0) + calls
    if source.charged and calls:
        month = f"{run.now:%Y-%m}"
        await run.database.transact(
            partial(usage.spend, platform=str(source.platform), month=month, what="calls", count=calls)
        )


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(items), AT_ONCE):
        yield items[begin : begin + AT_ONCE]


def said_of(doubtful: Doubtful) -> str:
    """One in doubt, for the command line: who and why."""
    return f"{doubtful.user_id} {doubtful.name}".strip()
