"""Who could help with a key result, from what is on record, on each engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from okr.collaboration import HelpState
from okr.experts import Expert
from okr.objectives import Kind, Measure, Reading, State
from okr.policy import Policy
from storage import absences, cycles, experts, help_requests, objectives, skills
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, goal, person

LOSSES = Draft("损耗率", Measure(Kind.NUMBER, "%", start=Decimal(8), target=Decimal(5)))
LI, WANG, ZHAO, ZHOU, WU = "E0102", "E0101", "E0201", "E0003", "E0202"


@pytest.fixture
async def company(database: Database) -> Database:
    await database.transact(employ)
    return database


async def found(session: Session, words: str = "供应商断货", asker: str = LI) -> list[Expert]:
    """For 李四's loss rate, which is his first goal."""
    objective = await objectives.by_id(session, 1)
    assert objective is not None
    who = await person(session, asker)
    return await experts.find(session, objective, objective.key_results[0], words, who, TODAY, Policy())


async def names(session: Session, words: str = "供应商断货") -> list[str]:
    return [one.person.name for one in await found(session, words)]


async def says(session: Session, number: str, *words: str) -> None:
    who = await person(session, number)
    await skills.add(session, who.id, words, who.id, NOON)


async def had(session: Session, owner: str, value: str, *, quarters: Sequence[int] = ()) -> None:
    """A loss rate of somebody's: now, and closed ones so many quarters ago."""
    _, kr_id = await goal(session, LOSSES, owner=owner)
    await objectives.set_value(session, kr_id, Reading(Decimal(value), NOON, "谁"))
    for back in quarters:
        day = TODAY - timedelta(days=91 * back)
        cycle = await cycles.running(session, day)
        closed, its = await goal(session, LOSSES, owner=owner)
        await objectives.set_value(session, its, Reading(Decimal(5), NOON, "谁"))
        await session.run(
            "UPDATE objectives SET cycle_id = ?, state = ? WHERE id = ?", cycle.id, str(State.CLOSED), closed
        )


async def test_who_has_said_what_he_is_good_at_is_named(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, LOSSES)
        await says(session, ZHAO, "供应商", "陈列")
        await says(session, WU, "会员")

        [zhao] = await found(session)
        assert (zhao.person.name, zhao.record.skills) == ("赵店", ("供应商",))

    await company.transact(work)


async def test_a_row_of_quarters_counts_and_one_that_is_broken_does_not(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, LOSSES)
        await had(session, ZHAO, "6", quarters=(1, 2, 3))
        await had(session, ZHOU, "6", quarters=(2, 3))

        zhao, zhou = await found(session)
        assert (zhao.person.name, zhao.record.streak, zhao.record.on_track) == ("赵店", 3, True)
        assert (zhou.person.name, zhou.record.streak, zhou.record.on_track) == ("周敏", 0, True)

    await company.transact(work)


async def test_who_lags_himself_is_not_named_for_it(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, LOSSES)
        await had(session, ZHAO, "7.9")

        assert await names(session) == []

    await company.transact(work)


async def test_who_is_away_has_left_or_owns_it_is_not_named(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, LOSSES)
        for who in (LI, ZHAO, WU, ZHOU):
            await says(session, who, "损耗")
        zhao, wu = await person(session, ZHAO), await person(session, WU)
        await absences.say(session, zhao.id, TODAY, TODAY, None, NOON)
        await session.run("UPDATE employees SET active = ? WHERE id = ?", False, wu.id)

        assert await names(session) == ["周敏"]

    await company.transact(work)


async def test_ones_own_superior_comes_after_somebody_from_elsewhere(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, LOSSES)
        await says(session, WANG, "损耗")
        await says(session, ZHAO, "损耗")

        assert await names(session) == ["赵店", "王店"]

    await company.transact(work)


async def test_who_does_not_answer_comes_later_and_what_was_not_needed_says_nothing(
    company: Database,
) -> None:
    async def work(session: Session) -> None:
        _, kr_id = await goal(session, LOSSES)
        for who in (ZHAO, WU):
            await says(session, who, "损耗")
        li, wu = await person(session, LI), await person(session, WU)
        assert await names(session) == ["赵店", "吴越"]
        for _ in range(3):
            number = await help_requests.make(
                session, kr_id=kr_id, asker_id=li.id, asked_id=wu.id, words="x", due=None, platform="wecom", at=NOON
            )  # fmt: skip
            made = await help_requests.by_id(session, number)
            assert made is not None
            await help_requests.move(session, made, HelpState.DONE, NOON, answered=True)
        number = await help_requests.make(
            session, kr_id=kr_id, asker_id=li.id, asked_id=wu.id, words="y", due=None, platform="wecom", at=NOON
        )  # fmt: skip
        made = await help_requests.by_id(session, number)
        assert made is not None
        await help_requests.move(session, made, HelpState.DONE, NOON, answered=False)

        first, _ = await found(session)
        assert (first.person.name, first.record.asked, first.record.answered) == ("吴越", 3, 3)

    await company.transact(work)


async def test_nobody_fits_a_need_without_words(company: Database) -> None:
    async def work(session: Session) -> None:
        await goal(session, Draft("目标", LOSSES.measure))
        await says(session, ZHAO, "陈列")

        assert await names(session, "咋办") == []

    await company.transact(work)
