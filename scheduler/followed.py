"""Once a day, to everybody who follows goals: what was agreed on, what was achieved, whose light has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cards.followed import Changed, Turn, digest_card
from chat.answers import Letter, Mark, Urgency
from chat.events import ChatKind, Conversation, PlatformName
from okr.objectives import KeyResult, Kind, Objective, Reading, State, Status, Visibility
from okr.people import Person
from okr.policy import Policy
from okr.status import judge_objective
from scheduler.jobs import Job
from storage import check_ins, cycles, follows, letters, objectives, people, trail
from storage.database import Database
from storage.follows import Follower
from storage.session import Session
from storage.visible import is_visible

DAY = timedelta(days=1)
MEMBERS = 200
"""People of a unit whose goals are looked at."""
LINES = 20
AGREED = ("修改", "加KR", "取消")
"""How the trail calls what has been agreed on, or did not need anybody's leave; what was only asked for begins otherwise."""
SILENT = frozenset({Status.NOT_STARTED, Status.CANCELLED})
"""Turning into these is no news."""


async def work(database: Database, due: datetime, policy: Policy) -> str:
    local = due.astimezone(policy.zone)
    everybody = await database.survey(follows.everybody)
    written = [
        await database.transact(partial(_write, follower=one, now=local, policy=policy)) for one in everybody
    ]
    return f"{sum(written)} of {len(everybody)} have news"


async def _write(session: Session, follower: Follower, now: datetime, policy: Policy) -> bool:
    targets = await follows.of(session, follower)
    turns, changes = await _news(session, follower, targets, now, policy)
    group = follower.employee_id is None
    if not changes and not any(not (group and turn.is_worse) for turn in turns):
        return False
    card = digest_card(turns, changes, targets, group=group)
    day = now.date().isoformat()
    once = f"{follows.DIGEST}:{follower.key}:{day}"
    if follower.employee_id is not None:
        letter = Letter(
            follower.employee_id,
            card,
            once,
            Urgency.REPORT,
            expires_at=now + DAY,
            mark=Mark(follows.DIGEST, day),
        )
    else:
        where = Conversation(PlatformName(follower.platform), follower.conversation_id, ChatKind.GROUP)
        letter = Letter(where, card, once, Urgency.REPORT, expires_at=now + DAY)
    return await letters.post(session, letter, now) is not None


async def _news(
    session: Session, follower: Follower, targets: Sequence[str], now: datetime, policy: Policy
) -> tuple[list[Turn], list[Changed]]:
    turns: dict[int, Turn] = {}
    changes: dict[tuple[str, int], Changed] = {}
    reader = await people.by_id(session, follower.employee_id) if follower.employee_id is not None else None
    for target in targets:
        for objective, only in await _meant(session, target, now):
            owner = await people.by_id(session, objective.owner_id)
            if owner is None or not await _may(session, reader, owner, objective, now, policy):
                continue
            for turn in await _turns(session, objective, owner, now, policy):
                if only in (None, turn.kr.id):
                    turns[turn.kr.id] = turn
            for line in await trail.of(session, kr_id=only, objective_id=objective.id, limit=LINES):
                if line.at >= now - DAY and line.action.startswith(AGREED) and line.request_id is not None:
                    changes[line.action, line.id] = _changed(objective, line)
    return list(turns.values()), list(changes.values())


async def _may(
    session: Session,
    reader: Person | None,
    owner: Person,
    objective: Objective,
    now: datetime,
    policy: Policy,
) -> bool:
    """A group hears only of what all may see; a person of what he may see today, and not of his own."""
    if reader is None:
        return objective.visibility is Visibility.PUBLIC
    return reader.id != owner.id and await is_visible(session, reader, owner, objective, now.date(), policy)


async def _meant(session: Session, target: str, now: datetime) -> Iterable[tuple[Objective, int | None]]:
    """The objectives of a target, each with the one key result that is followed, None for all of them."""
    number = target.removeprefix("KR").removeprefix("O")
    if target.startswith("KR") and number.isdecimal():
        found = await objectives.with_key_result(session, int(number))
        return [(found, int(number))] if found is not None and found.state is State.ACTIVE else []
    if target.startswith("O") and number.isdecimal():
        found = await objectives.by_id(session, int(number))
        return [(found, None)] if found is not None and found.state is State.ACTIVE else []
    members = await people.in_unit(session, target, MEMBERS)
    cycle = await cycles.running(session, now.date())
    whole = await objectives.of_owners(session, [person.id for person in members], cycle.id)
    return [(objective, None) for objective in whole]


async def _turns(
    session: Session, objective: Objective, owner: Person, now: datetime, policy: Policy
) -> list[Turn]:
    """Key results whose light is another than a day ago, by the values that stood then."""
    before = replace(
        objective, key_results=tuple([await _as_of(session, kr, now - DAY) for kr in objective.key_results])
    )
    was = judge_objective(before, (now - DAY).date(), policy).verdicts
    verdicts = judge_objective(objective, now.date(), policy).verdicts
    return [
        Turn(kr, owner, verdicts[kr.id].status)
        for kr in objective.counting
        if kr.measure.kind is not Kind.MILESTONE
        and kr.id in was
        and was[kr.id].status is not verdicts[kr.id].status
        and verdicts[kr.id].status not in SILENT
    ]


async def _as_of(session: Session, kr: KeyResult, moment: datetime) -> KeyResult:
    if kr.reading is None or kr.reading.at <= moment:
        return kr
    entry = await check_ins.latest_value(session, kr.id, until=moment)
    reading = (
        Reading(entry.value, entry.on_at, entry.source)
        if entry is not None and entry.value is not None
        else None
    )
    return replace(kr, reading=reading)


def _changed(objective: Objective, line: trail.Line) -> Changed:
    kr = next((one for one in objective.key_results if one.id == line.kr_id), None)
    ref, title = (kr.ref, kr.title) if kr is not None else (objective.ref, objective.title)
    return Changed(ref, title, line.action.partition("(")[0], line.field, line.approver)


JOB = Job("followed", "0 18 * * *", "订阅的目标一天里的变化,合成一条", work=work)
