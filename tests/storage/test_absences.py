"""Who is away on a day, and who stands in."""

from __future__ import annotations

from datetime import date

from storage import absences
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, person

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


async def test_both_days_belong_to_an_absence(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        await employ(session)
        wang, zhang = await person(session, "E0101"), await person(session, "E0103")
        await absences.say(session, wang.id, TUESDAY, FRIDAY, zhang.id, NOON)
        found = [
            await absences.on(session, [wang.id], on) for on in (MONDAY, TUESDAY, FRIDAY, date(2026, 11, 28))
        ]
        assert found[1][wang.id].deputy_id == zhang.id
        assert await absences.replaced_by(session, zhang.id, FRIDAY) == [wang.id]
        assert await absences.replaced_by(session, zhang.id, MONDAY) == []
        return [bool(one) for one in found]

    assert await database.transact(work) == [False, True, True, False]


async def test_the_newest_word_about_a_day_counts(database: Database) -> None:
    async def work(session: Session) -> tuple[int | None, bool, bool, int]:
        await employ(session)
        wang, zhang = await person(session, "E0101"), await person(session, "E0103")
        await absences.say(session, wang.id, MONDAY, FRIDAY, zhang.id, NOON)
        await absences.say(session, wang.id, TUESDAY, TUESDAY, None, NOON)
        deputy = (await absences.on(session, [wang.id], TUESDAY))[wang.id].deputy_id
        return (
            deputy,
            await absences.take_back(session, wang.id, MONDAY, NOON),
            await absences.take_back(session, wang.id, MONDAY, NOON),
            len(await absences.on(session, [wang.id], TUESDAY)),
        )

    assert await database.transact(work) == (None, True, False, 0)
