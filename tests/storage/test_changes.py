"""Requests and the parts of those who decide: the first decision is the only one."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from okr.approvals import ChangeField, Need, RequestState
from okr.requests import ChangeRequest, FieldChange, RequestKind
from storage import changes
from storage.changes import Verdict, Wish
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal, person

LATER = NOON + timedelta(minutes=5)
TARGET = FieldChange(ChangeField.TARGET, {"target": Decimal(1100)}, {"target": Decimal("1200.5")})
DEADLINE = FieldChange(ChangeField.DEADLINE, {"due": None}, {"due": date(2026, 12, 20)})


async def asked(
    session: Session, *fields: FieldChange, approvers: tuple[str, ...] = ("E0101",)
) -> ChangeRequest:
    """李四 asks for a change; the staff is there already."""
    objective_id, kr_id = await goal(session)
    wish = Wish(RequestKind.CHANGE, objective_id, kr_id, fields or (TARGET,), version=1, reason="新店开业")
    li = await person(session, "E0102")
    request = await changes.ask(
        session, wish, applicant_id=li.id, need=Need.ANY, platform="dingtalk", at=NOON
    )
    for number in approvers:
        await changes.ask_of(session, request.id, (await person(session, number)).id, 1, NOON)
    return request


async def test_a_request_is_read_back_as_it_was_asked(database: Database) -> None:
    async def work(session: Session) -> tuple[ChangeRequest, ChangeRequest | None]:
        await employ(session)
        request = await asked(session, TARGET, DEADLINE)
        return request, await changes.by_id(session, request.id, lock=True)

    request, found = await database.transact(work)
    assert found == request
    assert found.fields == {ChangeField.TARGET, ChangeField.DEADLINE}


async def test_only_who_was_asked_has_it_waiting(database: Database) -> None:
    async def work(session: Session) -> tuple[list[int], list[int], list[int]]:
        await employ(session)
        request = await asked(session)
        wang, zhou = await person(session, "E0101"), await person(session, "E0003")
        waiting = [one.id for one in await changes.waiting_for(session, [wang.id])]
        others = [one.id for one in await changes.waiting_for(session, [zhou.id])]
        await changes.hand_over(session, request.id, wang.id, LATER)
        await changes.ask_of(session, request.id, zhou.id, 1, LATER)
        return waiting, others, [len(await changes.waiting_for(session, [one.id])) for one in (wang, zhou)]

    waiting, others, after = await database.transact(work)
    assert (len(waiting), others, after) == (1, [], [0, 1])


@pytest.mark.parametrize("second", [RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.SUPERSEDED])
async def test_what_is_decided_stays_decided(database: Database, second: RequestState) -> None:
    async def work(session: Session) -> tuple[list[bool], ChangeRequest | None, list[str]]:
        await employ(session)
        request = await asked(session, approvers=("E0101", "E0003"))
        wang, zhou = await person(session, "E0101"), await person(session, "E0003")
        done = [
            await changes.close(
                session, request.id, Verdict(RequestState.APPROVED, wang.id, LATER, "wecom", "好")
            ),
            await changes.close(session, request.id, Verdict(second, zhou.id, LATER, "dingtalk")),
        ]
        parts = await changes.parts_of(session, request.id)
        return done, await changes.by_id(session, request.id), [part.state for part in parts]

    done, request, parts = await database.transact(work)
    assert done == [True, False]
    assert request is not None
    assert (request.state, request.decision) == (RequestState.APPROVED, "好")
    assert parts == ["closed", "closed"]


async def test_nobody_speaks_twice(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        await employ(session)
        request = await asked(session)
        wang = await person(session, "E0101")
        return [
            await changes.say(session, request.id, wang.id, yes=True, at=LATER),
            await changes.say(session, request.id, wang.id, yes=False, at=LATER),
        ]

    assert await database.transact(work) == [True, False]


async def test_of_two_at_the_same_instant_one_decides(database: Database) -> None:
    async def ready(session: Session) -> tuple[int, int, int]:
        await employ(session)
        request = await asked(session, approvers=("E0101", "E0003"))
        return request.id, (await person(session, "E0101")).id, (await person(session, "E0003")).id

    request_id, *deciders = await database.transact(ready)

    async def decide(by: int, state: RequestState) -> bool:
        return await database.transact(
            lambda session: changes.close(session, request_id, Verdict(state, by, LATER, "wecom"))
        )

    done = await asyncio.gather(
        decide(deciders[0], RequestState.APPROVED), decide(deciders[1], RequestState.REJECTED)
    )
    assert sorted(done) == [False, True]


async def test_who_decided_knows_the_version_he_made(database: Database) -> None:
    async def work(session: Session) -> list[int]:
        await employ(session)
        request = await asked(session, approvers=("E0101", "E0003"))
        await changes.caught_up(session, request.objective_id, (await person(session, "E0101")).id, 1, 2)
        return [part.version for part in await changes.parts_of(session, request.id)]

    assert await database.transact(work) == [2, 1]
