"""What has changed in a directory since the last pull: each person and unit that an event names is asked for by itself.

An event is only a hint: it may come twice, late, out of order, or not at all, and what it says is never taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from cards.binding import letter_about_outcome, letters_to_deciders
from chat.directory import Change, ChangeKind, Directory, Hidden, Member, Unit, key_of
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import Account, PlatformName
from okr.org_chart import DEEPEST
from okr.policy import Policy
from scheduler.directory import Report, Run, Sources, charge, let_go, may_leave, order_of, settle
from storage import bindings, directory, directory_intake, letters, people
from storage.database import Database
from storage.directory_intake import Taken
from storage.session import Session

AT_ONCE = 100
"""Changes looked into together."""


async def look_into(database: Database, sources: Sources, now: datetime, policy: Policy) -> Report | None:
    """Look into what waits; None where nothing does. What cannot be asked for now waits longer and longer."""
    waiting = await database.survey(partial(directory.waiting_changes, now=now, limit=AT_ONCE))
    if not waiting:
        return None
    report = Report()
    async with sources() as found:
        by_platform = {source.platform: source for source in found}
        order = await order_of(database, found, policy)
        run = Run(database, now.astimezone(policy.zone), policy, order)
        calls = {source.platform: source.calls for source in found}
        done = []
        for change, at in waiting:
            source = by_platform.get(change.platform)
            if source is None or not await _postponed(run, source, change, report):
                done.append((change, at))
        await settle(run, report)
        # Broken off before this, they are looked into once more, which does no harm.
        await database.transact(partial(_looked_into, done=done))
        for change, _ in waiting:
            if change.kind is ChangeKind.PERSON:
                await database.transact(partial(_answer_knock, change=change, run=run))
        for source in found:
            await charge(run, source, source.calls - calls[source.platform], report)
    return report


async def _looked_into(session: Session, done: Sequence[tuple[Change, datetime]]) -> None:
    for change, at in done:
        await directory.looked_into(session, change, at)


async def _answer_knock(session: Session, change: Change, run: Run) -> None:
    """Somebody has asked to be bound to a mobile number: the platform has said by now whose it is, or people are asked."""
    account = Account(change.platform, change.key)
    known = await people.by_account(session, account)
    for request in await bindings.waiting_of(session, account, run.now):
        if known is not None:
            state = "confirmed" if known.person.id == request.employee_id else "refused"
            if await bindings.decide(session, request.id, state, None, run.now):
                told = letter_about_outcome(request.id, request.account, known.person.name, confirmed=True)
                await letters.post(session, told, run.now)
            continue
        person = await people.by_id(session, request.employee_id)
        assert person is not None
        deciders = await bindings.deciders(session, person, run.policy.admins)
        mobile = await people.mobile_of(session, person.id)
        for letter in letters_to_deciders(request.id, request.account, person, deciders, mobile):
            await letters.post(session, letter, run.now)


async def _postponed(run: Run, source: Directory, change: Change, report: Report) -> bool:
    """Look into one; true where the platform could not answer. What it refuses to show is left to the next pull."""
    try:
        if change.kind is ChangeKind.UNIT:
            await _unit(run, source, change.key)
        else:
            await _person(run, source, change, report)
    except Unreachable as failed:
        report.failed[source.platform] = failed
        await run.database.transact(partial(directory.later, change=change, now=run.now))
        return True
    except DeliveryFailed as failed:
        report.hidden += isinstance(failed, Hidden)
        if isinstance(failed, Rejected) and not isinstance(failed, Hidden):
            report.failed[source.platform] = failed
    return False


# --- a unit ---


async def _unit(run: Run, source: Directory, key: str) -> None:
    found = await source.unit(key)
    if found is None:
        await run.database.transact(partial(_forget, platform=source.platform, key=key, at=run.now))
        return
    above = await _unknown_above(run, source, [found.parent])
    await run.database.transact(partial(_keep, platform=source.platform, units=[*above, found], at=run.now))


async def _unknown_above(run: Run, source: Directory, keys: Iterable[str]) -> list[Unit]:
    """Units that nobody has heard of yet, and what is above them, as far as it may be seen."""
    known = await run.database.survey(partial(directory.nodes, platform=source.platform))
    found: dict[str, Unit] = {}
    for start in keys:
        key = start
        while key and key not in known and key not in found and len(found) < DEEPEST:
            try:
                unit = await source.unit(key)
            except Hidden:
                break
            if unit is None:
                break
            found[key] = unit
            key = unit.parent
    return list(found.values())


async def _keep(session: Session, platform: PlatformName, units: Sequence[Unit], at: datetime) -> None:
    await directory.take_turn(session, at)
    for unit in units:
        await directory.keep_unit(session, platform, unit)
        if unit.heads is not None:
            heads = frozenset(key_of(platform, head) for head in unit.heads)
            await directory.keep_heads(session, platform, unit.key, heads)


async def _forget(session: Session, platform: PlatformName, key: str, at: datetime) -> None:
    await directory.take_turn(session, at)
    await directory.forget_unit(session, platform, key)


# --- a person ---


async def _person(run: Run, source: Directory, change: Change, report: Report) -> None:
    platform, key = source.platform, key_of(source.platform, change.key)
    if change.former:
        await run.database.transact(
            partial(directory.rename, platform=platform, former=change.former, user_id=change.key)
        )
    known = await run.database.survey(partial(directory.members, platform=platform))
    member = await source.member(change.key)
    if member is None:
        missing = {key: known[key]} if key in known and not known[key].gone else {}
        if missing and await may_leave(run, platform, missing, report):
            await let_go(run, platform, [key], report)
        return
    above = await _unknown_above(run, source, member.units)
    listed = {one for one, was in known.items() if not was.gone} | {key}
    report.taken.add(
        await run.database.transact(
            partial(_take, run=run, units=above, member=member, listed=listed, platform=platform)
        )
    )


async def _take(
    session: Session,
    run: Run,
    units: Sequence[Unit],
    member: Member,
    listed: set[str],
    platform: PlatformName,
) -> Taken:
    await _keep(session, platform, units, run.now)
    return await directory_intake.take_in(
        session, platform, [member], run.now, order=run.order, listed=listed
    )


def concerns(changes: Iterable[Change], used: frozenset[PlatformName]) -> list[Change]:
    """Those of directories that have been pulled once: of the others nothing is followed."""
    return [change for change in changes if change.platform in used]


def told(report: Report) -> Mapping[str, int]:
    """For the log: numbers, and nobody's name."""
    return {
        "new": report.taken.new,
        "changed": report.taken.changed,
        "moved": report.moved,
        "left": report.left,
        "doubtful": len(report.taken.doubtful),
        "refused": sum(len(names) for names in report.refused.values()),
        "failed": len(report.failed),
    }
