"""A directory of a test's own making, without any wire: what it lists, hides and refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from chat.directory import Hidden, Listing, Member, Sample, Told, Unit, Wanted, key_of
from chat.errors import DeliveryFailed
from chat.events import PlatformName
from okr.people import Person
from okr.policy import Policy
from sandbox.cast import CAST
from scheduler import directory as syncing
from scheduler.directory import Report
from storage import people
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON

UNITS = {
    "1": Unit("1", "总部"),
    "2": Unit("2", "人力资源部", "1"),
    "7": Unit("7", "华东区", "1"),
    "71": Unit("71", "西湖店", "7"),
    "72": Unit("72", "滨江店", "7"),
}
_PATHS = {
    "总部": "1",
    "总部/人力资源部": "2",
    "总部/华东区": "7",
    "总部/华东区/西湖店": "71",
    "总部/华东区/滨江店": "72",
}
_HEADS = {"E0001": "1", "E0002": "2", "E0003": "7", "E0101": "71", "E0201": "72"}


def cast(platform: PlatformName) -> dict[str, Member]:
    """The cast as its own directory has it; the superiors are the heads."""
    found = {}
    for one in CAST:
        user_id = one.dingtalk_id if platform is PlatformName.DINGTALK else one.wecom_id
        if user_id:
            leads = frozenset({_HEADS[one.number]}) if one.number in _HEADS else frozenset()
            found[user_id] = Member(
                user_id,
                one.name,
                one.number,
                title=one.position,
                units=(_PATHS[one.department],),
                leads=leads,
                manager="",
            )
    return found


@dataclass
class Book:
    """`silent`: missing in the listing although they are there. `before_page`: what happens in the middle of a pull."""

    platform: PlatformName = PlatformName.DINGTALK
    units: dict[str, Unit] = field(default_factory=lambda: dict(UNITS))
    people: dict[str, Member] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    failure: DeliveryFailed | None = None
    charged: bool = False
    calls: int = 0
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.people = self.people or cast(self.platform)

    def change(self, user_id: str, **changed: object) -> None:
        self.people[user_id] = replace(self.people[user_id], **changed)  # type: ignore[arg-type]

    async def pull(self, wanted: Wanted, told: Told) -> Listing:
        self.calls += 1
        told(1)
        if self.failure is not None:
            raise self.failure
        listed = {}
        for user_id, member in self.people.items():
            if user_id in self.silent | self.hidden:
                continue
            one = member if wanted(replace(member, manager=None)) else replace(member, manager=None)
            listed[key_of(self.platform, user_id)] = one
        self.meanwhile()
        return Listing(dict(self.units), listed)

    async def member(self, user_id: str) -> Member | None:
        self.calls += 1
        self.asked.append(user_id)
        if user_id in self.hidden:
            raise Hidden("out of scope")
        return self.people.get(user_id)

    async def unit(self, key: str) -> Unit | None:
        self.calls += 1
        return self.units.get(key)

    async def trial(self) -> Sample:
        return Sample("", len(self.people))

    async def close(self) -> None:
        """Nothing is held."""


POLICY = Policy(admins=frozenset({"E0001"}))


async def sync(database: Database, *books: Book, **options: Any) -> Report:
    options.setdefault("now", NOON)
    options.setdefault("policy", POLICY)
    return await syncing.sync(database, list(books), **options)


async def found(database: Database, number: str) -> Person:
    async def look(session: Session) -> Person:
        row = await session.one("SELECT id FROM employees WHERE number = ?", number)
        assert row is not None, number
        person = await people.by_id(session, row[0])
        assert person is not None
        return person

    return await database.read(look)


async def superior(database: Database, number: str) -> str:
    person = await found(database, number)
    above = await database.read(lambda session: people.by_id(session, person.manager_id or 0))
    return above.number if above else ""


def numbers(report: Report) -> tuple[int, int, int, int]:
    return report.taken.new, report.taken.changed, report.taken.same, report.left
