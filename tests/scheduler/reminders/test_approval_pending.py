"""变更审批提醒: who decides is asked again after a working day and after two, above him after three; who asked is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okr.approvals import ChangeField, Need, RequestState
from okr.requests import FieldChange, RequestKind
from storage import changes
from storage.changes import Verdict, Wish
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, Office, at
from tests.storage.company import person

JOB = "approval_pending"


@pytest.fixture
async def office(staffed: Database) -> Office:
    """Monday at ten, when 周敏 asks E0001 for a lower target."""
    return await asked(Office(staffed, at("2026-11-23 10:00")))


async def asked(office: Office) -> Office:
    ref = await office.goal(
        OFFICE, reports=[("2026-11-20" if office.now.month == 11 else "2026-02-10", "60")]
    )

    async def work(session: Session) -> None:
        wish = Wish(
            kind=RequestKind.CHANGE,
            objective_id=1,
            kr_id=int(ref[2:]),
            changes=(FieldChange(ChangeField.TARGET, {"target": Decimal(100)}, {"target": Decimal(90)}),),
            version=1,
            reason="少了一个人",
        )
        zhou, chen = await person(session, OFFICE), await person(session, "E0001")
        request = await changes.ask(
            session, wish, applicant_id=zhou.id, need=Need.ANY, platform="dingtalk", at=office.now
        )
        await changes.ask_of(session, request.id, chen.id, 1, office.now)

    await office.database.transact(work)
    return office


async def decided(office: Office) -> None:
    async def work(session: Session) -> None:
        chen = await person(session, "E0001")
        await changes.close(session, 1, Verdict(RequestState.APPROVED, chen.id, office.now, "dingtalk"))

    await office.database.transact(work)


async def test_after_a_working_day_who_decides_is_asked_again_and_who_asked_is_told(office: Office) -> None:
    assert await office.run(JOB, "2026-11-24 10:00") == "2 to say, 2 letters"
    await office.wind("2026-11-24 10:00")

    texts = "\n".join(office.texts())
    assert "⏳ 周敏的 R1 等你拍板,1 个工作日了" in texts
    assert "⏳ 你的 R1 等了 1 个工作日,又提醒了陈总一次" in texts


async def test_before_a_day_has_passed_nothing_is_said(office: Office) -> None:
    assert await office.run(JOB, "2026-11-24 09:30") == "0 to say, 0 letters"


async def test_each_step_once(office: Office) -> None:
    said = [
        await office.run(JOB, moment)
        for moment in ("2026-11-24 10:00", "2026-11-24 10:30", "2026-11-25 10:00", "2026-11-25 15:00")
    ]

    assert said == [
        "2 to say, 2 letters",
        "2 to say, 0 letters",
        "2 to say, 2 letters",
        "2 to say, 0 letters",
    ]


async def test_what_is_decided_before_it_may_be_said_is_dropped(office: Office) -> None:
    await office.run(JOB, "2026-11-24 10:00")
    await office.wind("2026-11-24 07:00")
    await decided(office)
    await office.wind("2026-11-24 10:00")

    assert office.texts() == []
    assert await office.run(JOB, "2026-11-25 10:00") == "0 to say, 0 letters"


async def test_a_holiday_does_not_count(staffed: Database) -> None:
    """Asked on Saturday, 14 February, a working day in place of another: the Spring Festival lasts until the 23rd."""
    office = await asked(Office(staffed, at("2026-02-14 10:00")))

    for day in (17, 23):
        assert await office.run(JOB, f"2026-02-{day} 20:00") == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-02-24 10:00") == "2 to say, 2 letters"


async def test_two_steps_that_waited_together_are_said_once(office: Office) -> None:
    """The bot was down over the first step's hours."""
    await office.run(JOB, "2026-11-24 10:00")
    await office.run(JOB, "2026-11-25 10:00")
    await office.wind("2026-11-25 10:00")

    assert len(office.texts()) == 2, "one to each of them"
    assert sorted(await office.states()) == ["dropped", "dropped", "sent", "sent"]
