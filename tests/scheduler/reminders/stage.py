"""A company with goals, a clock, and a bot that writes unasked: what a test of a reminder winds and reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.postman import Postman
from chat.card import Card, plain_text
from chat.errors import Unreachable
from chat.events import PlatformName
from chat.platform import Parcel, Receipt
from config.policy import policy_of
from config.settings import Company, Settings
from okr.objectives import Basis, Kind, Measure, Reading
from okr.policy import SHANGHAI, Policy
from scheduler import day_opening
from scheduler.reminders import WATCHES
from scheduler.sending import Sending
from scheduler.timetable import JOBS, Timetable
from storage import check_ins, cycles, objectives, openings
from storage.check_ins import Entry
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import employ, person

OFFICE = "E0003"
"""周敏 works in the office; her superior is E0001."""
STORE = "E0102"
"""李四 works in a store, under E0101."""


def at(text: str) -> datetime:
    """A moment in company time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class Box:
    """A platform that takes everything, unless it is away."""

    name: PlatformName
    away: bool = False
    arrived: list[Parcel] = field(default_factory=list)
    together: list[int] = field(default_factory=list)
    """How many letters each call for several people brought."""

    async def deliver(self, parcel: Parcel) -> Receipt:
        if self.away:
            raise Unreachable("away")
        self.arrived.append(parcel)
        return Receipt("text", buttons=False)

    def at_once(self, card: Card) -> int:
        return 1 if card.live else 20

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> dict[int, Receipt]:
        self.together.append(len(parcels))
        self.arrived += parcels
        return {
            parcel.id: Receipt("text", buttons=False, calls=int(parcel is parcels[0])) for parcel in parcels
        }


@dataclass
class Office:
    """The cast on a database, at a moment."""

    database: Database
    now: datetime
    policy: Policy = field(default_factory=lambda: policy_of(Settings(company=Company(admins=("E0001",)))))

    def __post_init__(self) -> None:
        self.boxes = {name: Box(name) for name in PlatformName}
        self.timetable = Timetable(self.database, lambda: self.policy, lambda: self.now, JOBS)
        self.postman = Postman(
            self.database,
            self.boxes,  # type: ignore[arg-type]  # the postman only delivers
            lambda: self.policy,
            "here",
            lambda: self.now,
            Sending(WATCHES, {openings.KEY: day_opening.again}),
        )

    async def hired(self) -> Office:
        await self.database.transact(employ)
        return self

    async def goal(
        self,
        owner: str,
        *,
        start: str = "0",
        target: str = "100",
        reports: Sequence[tuple[str, str]] = (),
        title: str = "开发新客户",
        **more: Any,
    ) -> str:
        """A key result in force since the first day of its quarter; `reports`: (day, value); `more`: fields of
        its draft. Its reference.
        """
        measure = more.pop("measure", None) or Measure(
            Kind.NUMBER, "家", Basis.LATEST, Decimal(start), Decimal(target)
        )

        async def work(session: Session) -> int:
            who = await person(session, owner)
            cycle = await cycles.running(session, self.now.date())
            made = datetime.combine(cycle.start, datetime.min.time(), SHANGHAI)
            number = await objectives.create(
                session, who.id, cycle, "把市场做大", [Draft(title, measure, **more)], None, made
            )
            await objectives.activate(session, number, made)
            whole = await objectives.by_id(session, number)
            assert whole is not None
            for day, value in reports:
                await self._report(session, whole.key_results[0].id, at(f"{day} 10:00"), value)
            return whole.key_results[0].id

        return f"KR{await self.database.transact(work)}"

    async def report(self, ref: str, value: str) -> None:
        await self.database.transact(lambda session: self._report(session, int(ref[2:]), self.now, value))

    async def _report(self, session: Session, kr_id: int, moment: datetime, value: str) -> None:
        entry = Entry(kr_id, moment, moment, None, "谁", "dingtalk", value=Decimal(value))
        await check_ins.record(session, entry)
        await objectives.set_value(session, kr_id, Reading(entry.value or Decimal(0), moment, "谁"))

    async def run(self, job: str, due: str | None = None) -> str | None:
        """Run a job for a moment, now unless told otherwise."""
        return await self.timetable.run_job(job, at(due) if due else self.now)

    async def wind(self, moment: str) -> None:
        """Let it become that moment, and the postman look."""
        self.now = at(moment)
        while await self.postman.round():
            pass

    async def people(self) -> dict[int, str]:
        rows = await self.database.read(lambda session: session.all("SELECT id, name FROM employees"))
        return {row[0]: row[1] for row in rows}

    @property
    def arrived(self) -> list[Card]:
        return [parcel.card for box in self.boxes.values() for parcel in box.arrived]

    def texts(self) -> list[str]:
        return [plain_text(card.face, numbered=True) for card in self.arrived]

    async def states(self) -> list[str]:
        rows = await self.database.read(lambda session: session.all("SELECT state FROM letters ORDER BY id"))
        return [row[0] for row in rows]


def weekly(first: date, values: Sequence[str]) -> list[tuple[str, str]]:
    """One report a week from a day on."""
    return [((first + timedelta(days=7 * n)).isoformat(), value) for n, value in enumerate(values)]
