"""A company of so many people: an office, and stores whose people work in shifts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from okr.objectives import Basis, Kind, Measure, Origin
from sheets.staff import StaffRow
from storage import alignments, check_ins, cycles, objectives, people, rosters, staff
from storage.alignments import Child
from storage.check_ins import Entry
from storage.objectives import Draft
from storage.rosters import Shift
from storage.session import Session

ZONE = ZoneInfo("Asia/Shanghai")
IN_A_STORE = 17
"""People of one store, its head included."""
EARLY, LATE = (time(8), time(16, 30)), (time(13), time(21, 30))
DINGTALK, WECOM = "dingtalk", "wecom"


@dataclass(frozen=True, slots=True)
class Worker:
    """`user` is the account on the only platform the person has; `boss` an employee number, empty at the top.

    `pace` is how much of what is due gets done; every so many weeks (`rhythm`) it is reported, 0 is never.
    """

    number: str
    name: str
    platform: str
    user: str
    boss: str
    store: str
    pace: Decimal
    rhythm: int


@dataclass(frozen=True, slots=True)
class Company:
    """`goals`: the key results of each worker, by number, with what they begin and end at."""

    workers: Sequence[Worker]
    goals: dict[str, list[tuple[int, Decimal, Decimal]]]

    def of(self, number: str) -> Worker:
        return next(worker for worker in self.workers if worker.number == number)


def drawn(count: int, chance: random.Random, crew: int = IN_A_STORE, only: str = "") -> list[Worker]:
    """So many people: a head, a tenth of them in the office, the others in stores. `only`: the platform they all have."""
    office = max(2, count // 10)
    on = (only,) if only else (DINGTALK, WECOM)
    found = [_worker(0, "", "", chance, on)]
    found += [_worker(n, "E0000", "", chance, on) for n in range(1, office)]
    for number in range(office, count):
        place, seat = divmod(number - office, crew)
        head = f"E{office + place * crew:04d}"
        found.append(_worker(number, head if seat else "E0001", f"{place + 1}号店", chance, on))
    return found


def _worker(number: int, boss: str, store: str, chance: random.Random, platforms: Sequence[str]) -> Worker:
    platform = chance.choice(platforms)
    pace = Decimal(chance.choice(("0.4", "0.7", "0.9", "1", "1.1")))
    rhythm = chance.choice((1, 1, 1, 2, 0))
    return Worker(f"E{number:04d}", f"员工{number}", platform, f"u{number:04d}", boss, store, pace, rhythm)


async def support(session: Session, company: Company, now: datetime) -> None:
    """Let everybody's goal support the first key result of the superior's, two of its three from above."""
    for worker in company.workers:
        first, second, _ = (kr_id for kr_id, *_ in company.goals[worker.number])
        await session.run(
            "UPDATE key_results SET origin = ? WHERE id IN (?, ?)", str(Origin.TOP_DOWN), first, second
        )
        if worker.boss:
            row = await session.one("SELECT objective_id FROM key_results WHERE id = ?", first)
            assert row is not None
            await alignments.align(
                session, Child(row[0]), company.goals[worker.boss][0][0], at=now, rolls=False
            )


async def report(session: Session, company: Company, part: Callable[[Worker], Decimal], at: datetime) -> None:
    """What they have said before: so much of what is between the start and the target."""
    for worker in company.workers:
        person = await people.by_number(session, worker.number)
        assert person is not None
        for kr_id, start, target in company.goals[worker.number]:
            whole = await objectives.with_key_result(session, kr_id)
            assert whole is not None
            value = (start + (target - start) * part(worker)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            entry = Entry(kr_id, at, at, person.id, "chat", worker.platform, value)
            await check_ins.record_value(
                session, next(kr for kr in whole.key_results if kr.id == kr_id), entry
            )


async def employ(session: Session, workers: Sequence[Worker], days: Sequence[date], now: datetime) -> Company:
    """Put them on file, with their shifts of these days and a goal each, in force from the first day."""
    await staff.take_in(session, [_row(worker) for worker in workers], now)
    cycle = await cycles.running(session, now.astimezone(ZONE).date())
    goals: dict[str, list[tuple[int, Decimal, Decimal]]] = {}
    for worker in workers:
        person = await people.by_number(session, worker.number)
        assert person is not None
        number = await objectives.create(session, person.id, cycle, "把这个季度做好", _drafts(), None, now)
        await objectives.activate(session, number, now)
        whole = await objectives.by_id(session, number)
        assert whole is not None
        goals[worker.number] = [
            (kr.id, kr.measure.start or Decimal(0), kr.measure.target or Decimal(0))
            for kr in whole.key_results
        ]
        if worker.store:
            await _roster(session, person.id, worker, days)
    return Company(workers, goals)


def _row(worker: Worker) -> StaffRow:
    unit = f"总部/{worker.store}" if worker.store else "总部"
    return StaffRow(
        number=worker.number,
        name=worker.name,
        department=unit,
        position="店员" if worker.store else "职员",
        manager_number=worker.boss,
        region="华东" if worker.store else "",
        store=worker.store,
        dingtalk_id=worker.user if worker.platform == DINGTALK else "",
        wecom_id=worker.user if worker.platform == WECOM else "",
        home_platform=worker.platform,
    )


def _drafts() -> list[Draft]:
    visitors = Measure(Kind.NUMBER, "人", Basis.DAILY, Decimal(1000), Decimal(1200))
    loss = Measure(Kind.NUMBER, "%", Basis.LATEST, Decimal(8), Decimal(5))
    members = Measure(Kind.NUMBER, "位", Basis.QUARTER, Decimal(0), Decimal(300), cumulative=True)
    return [Draft("到店客流", visitors), Draft("损耗率", loss), Draft("新会员", members)]


async def _roster(session: Session, employee_id: int, worker: Worker, days: Sequence[date]) -> None:
    """Five days on, two off, early and late in turn."""
    seat = int(worker.number[1:])
    for day in days:
        turn = (day.toordinal() + seat) % 7
        if turn < 5:
            start, end = EARLY if (day.toordinal() + seat) // 7 % 2 else LATE
            shift = Shift(
                employee_id, day, datetime.combine(day, start, ZONE), datetime.combine(day, end, ZONE)
            )
            await rosters.put(session, employee_id, day, [shift], "file")


def each_day(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]
