"""What one no longer wants to hear, where several kinds have come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cards.notices import notice
from chat.answers import Letter, Mark, Urgency
from okr.reminding import Reminder
from storage import letters, openings
from storage.session import Session
from tests.handlers.desk import LI, Desk
from tests.storage.company import person

OVERDUE = Reminder.CHECKIN_OVERDUE


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        ((OVERDUE, openings.KEY), "好,开工卡不发了,剩下的动作也不再问"),
        ((openings.KEY, OVERDUE), "🔕 更新逾期催办关掉了"),
    ],
)
async def test_no_more_of_it_means_the_kind_that_came_last(
    office: Desk, came: tuple[str, ...], answer: str
) -> None:
    async def send(session: Session) -> None:
        who = (await person(session, LI)).id
        for minutes, kind in enumerate(came):
            letter = Letter(who, notice("seen"), kind, Urgency.REPORT, mark=Mark(kind, "", ""))
            made = await letters.post(session, letter, office.now)
            at = office.now + timedelta(minutes=minutes)
            await session.run("UPDATE letters SET state = 'sent', sent_at = ? WHERE id = ?", at, made)

    await office.does(send)

    assert (await office.says(LI, "别提醒")).startswith(answer)
