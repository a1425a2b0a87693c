"""A company made by chance: three regions, their stores and people, and two months of points that come late, twice,
corrected, as refunds, or not at all. What is asked of it goes through the doors that people and systems use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from pydantic import SecretStr

from bot.board.seat import looking
from bot.dispatch import Dispatch
from bot.ingest import Ingest
from cards.board.html import Page
from chat.card import Card
from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from chat.files import TABLE
from chat.platform import Heard
from config.policy import policy_of
from config.settings import IngestToken, Settings
from handlers.asking import Asking
from handlers.board.pages import page_at
from handlers.routing import Routing
from okr.policy import SHANGHAI, MetricSpec, Policy
from sheets.packing import unpacked
from sheets.staff import StaffRow
from storage import files, people, staff
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import face

NOW = datetime(2026, 11, 25, 9, 10, tzinfo=UTC)
"""Wednesday, ten past five in the afternoon in Shanghai."""
TODAY = date(2026, 11, 25)
FIRST = date(2026, 8, 24)
METRICS = {
    "sales": MetricSpec("sales", "销售额", "cumulative", "元"),
    "orders": MetricSpec("orders", "订单数", "cumulative", "单"),
    "visitors": MetricSpec("visitors", "客流量", "cumulative", "人"),
    "basket": MetricSpec("basket", "客单价", "ratio", "元", "sales", "orders"),
    "conversion": MetricSpec("conversion", "转化率", "ratio", "", "orders", "visitors"),
}
REGIONS = {"东区": ("东一店", "东二店", "东三店"), "西区": ("西一店", "西二店"), "南区": ("南一店", "南二店")}
STORES = [store for stores in REGIONS.values() for store in stores]
SELLERS = 3
HEAD = "B001"


def head_of(store: str) -> str:
    return f"H{STORES.index(store) + 1:03}"


def chief_of(region: str) -> str:
    return f"C{list(REGIONS).index(region) + 1:03}"


def sellers_of(store: str) -> list[str]:
    return [f"S{STORES.index(store) + 1:02}{n}" for n in range(1, SELLERS + 1)]


def region_of(store: str) -> str:
    return next(region for region, stores in REGIONS.items() if store in stores)


def name_of(number: str) -> str:
    return f"员{number.lower()}"


@dataclass(frozen=True)
class Raw:
    """A point as it holds in the end."""

    metric: str
    store: str
    employee: str
    at: datetime
    value: Fraction

    @property
    def day(self) -> date:
        return (self.at + timedelta(hours=8)).date()


Belongs = Callable[[Raw], bool]
Lot = list[tuple[dict[str, Any], Raw]]
"""What is sent, and what it says."""


@dataclass
class Company:
    database: Database
    seed: int
    policy: Policy = field(
        default_factory=lambda: replace(
            policy_of(Settings()), metrics=METRICS, admins=frozenset({HEAD}), ranking_least=3
        )
    )
    raw: dict[str, Raw] = field(default_factory=dict)
    heard: int = 0

    def __post_init__(self) -> None:
        self.dispatch = Dispatch(self.database, Routing(), lambda: self.policy, "here", lambda: NOW)
        token = IngestToken(name="POS", token=SecretStr("only-here"))
        self.door = Ingest(self.database, lambda: self.policy, lambda: [token], lambda: NOW)

    # --- made ---

    async def found(self) -> None:
        await self.database.transact(lambda session: staff.take_in(session, list(_staff()), NOW))

    def lots(self) -> list[Lot]:
        """All points as they come to a door: late ones last, some twice, some wrong at first."""
        return _lots(Random(self.seed))

    async def deliver(self, lot: Lot) -> None:
        for begin in range(0, len(lot), 900):
            body = json.dumps({"points": [sent for sent, _ in lot[begin : begin + 900]]}).encode()
            outcome = await self.door.keep("POS", body)
            assert not outcome.rejected, outcome.rejected[:3]
        self.raw |= {sent["id"]: one for sent, one in lot}

    # --- asked ---

    async def says(self, number: str, text: str) -> str:
        """What somebody is answered, in words and without its picture."""
        return face(self.card(await self.hear(number, text)).without_picture())

    async def hear(self, number: str, text: str) -> Heard:
        self.heard += 1
        who = Account(PlatformName.WECOM, number)
        here = Conversation(PlatformName.WECOM, number, ChatKind.PRIVATE)
        return await self.dispatch.hear(Message(f"m{self.heard}", NOW, who, here, text=text))

    def card(self, heard: Heard) -> Card:
        assert heard.parcel is not None
        return heard.parcel.card

    async def exports(self, number: str, text: str) -> list[dict[str, Any]]:
        """The rows of the file that is answered with, by their headings."""
        card = self.card(await self.hear(number, text))
        assert card.enclosed, face(card)
        kept = await self.database.transact(lambda session: files.by_ref(session, card.enclosed[-1], NOW))
        assert kept is not None
        assert kept.file.media_type == TABLE
        ((_, header, rows),) = unpacked(kept.file.content)
        return [dict(zip(header, row, strict=True)) for row in rows]

    async def picture(self, number: str, text: str) -> str:
        card = self.card(await self.hear(number, text))
        assert card.picture, face(card)
        kept = await self.database.transact(lambda session: files.by_ref(session, card.picture, NOW))
        assert kept is not None
        return kept.file.content.decode()

    async def page(self, number: str, path: str, **query: str) -> Page:
        """A page of the board."""

        async def look(session: Session) -> Page:
            person = await people.by_number(session, number)
            assert person is not None
            asking = Asking(looking(person, NOW), person, session, self.policy, NOW.astimezone(SHANGHAI))
            return await page_at(asking, path.split("/") if path else [], query)

        return await self.database.transact(look)

    # --- by hand ---

    def points(self, metric: str, first: date, last: date, belongs: Belongs) -> list[Raw]:
        return [
            one
            for one in self.raw.values()
            if one.metric == metric and first <= one.day <= last and belongs(one)
        ]

    def total(self, metric: str, first: date, last: date, belongs: Belongs) -> Fraction | None:
        """The sum, or one sum over another; None where there is nothing, or nothing to divide by."""
        spec = METRICS[metric]
        if spec.kind == "ratio":
            upper = self.total(spec.numerator, first, last, belongs)
            lower = self.total(spec.denominator, first, last, belongs)
            scale = 1 if spec.unit else 100
            return (upper or Fraction(0)) * scale / lower if lower else None
        found = self.points(metric, first, last, belongs)
        return sum((one.value for one in found), Fraction(0)) if found else None

    def days(self, metric: str, first: date, last: date, belongs: Belongs) -> dict[date, Fraction]:
        """The sum of each day that has points."""
        found: dict[date, Fraction] = {}
        for one in self.points(metric, first, last, belongs):
            found[one.day] = found.get(one.day, Fraction(0)) + one.value
        return found


def of_store(*stores: str) -> Belongs:
    return lambda one: one.store in stores


def of_person(number: str) -> Belongs:
    return lambda one: one.employee == number


def everything(_: Raw) -> bool:
    return True


PLACES: Mapping[str, Belongs] = {
    "集团": everything,
    **{region: of_store(*stores) for region, stores in REGIONS.items()},
    **{store: of_store(store) for store in STORES},
}


def _staff() -> list[StaffRow]:
    def row(number: str, path: str, manager: str, position: str, **more: Any) -> StaffRow:
        return StaffRow(
            number,
            name_of(number),
            path,
            position,
            manager_number=manager,
            wecom_id=number,
            joined_on=date(2025, 1, 1),
            home_platform="wecom",
            **more,
        )

    rows = [row(HEAD, "集团", "", "总经理")]
    for region, stores in REGIONS.items():
        rows.append(row(chief_of(region), f"集团/{region}", HEAD, "区域经理", region=region))
        for store in stores:
            there = {"region": region, "store": store, "store_type": "社区店"}
            path = f"集团/{region}/{store}"
            rows.append(row(head_of(store), path, chief_of(region), "店长", grade="M1", **there))
            rows += [
                row(number, path, head_of(store), "导购", grade=f"P{n}", **there)
                for n, number in enumerate(sellers_of(store), 1)
            ]
    return rows


def _lots(random: Random) -> list[Lot]:
    """What is sent, lot by lot, each with what it says; the same id later takes the place of what was there."""
    timely: Lot = []
    late: Lot = []
    again: Lot = []
    for store in STORES:
        closed = random.randrange(7) if store == STORES[-1] else None
        begins = TODAY - timedelta(days=40) if store == STORES[2] else FIRST
        day = FIRST
        while day <= TODAY:
            if day >= begins and day.weekday() != closed and random.random() > 0.08:
                for one in _day(random, store, day):
                    lot = late if random.random() < 0.1 else timely
                    if random.random() < 0.08:
                        wrong = dict(one[0], value=str(random.randrange(1, 900)))
                        lot.append((wrong, _raw(wrong, store)))
                        again.append(one)
                    else:
                        lot.append(one)
                        if random.random() < 0.05:
                            again.append(one)
            day += timedelta(days=1)
    random.shuffle(late)
    return [timely, late, again]


def _day(random: Random, store: str, day: date) -> Lot:
    """A day of a store: of each seller, and of nobody in particular. One store counts nobody who comes in."""
    found: Lot = []
    heavy = 2 if day.weekday() >= 5 else 1
    for who in ("", *sellers_of(store)):
        if who and random.random() < 0.3:
            continue
        wanted = {
            "sales": Decimal(random.randrange(2_000, 90_000) * heavy) / 100,
            "orders": Decimal(random.randrange(0, 14)),
            "visitors": Decimal(random.choice([0, random.randrange(10, 60)])),
        }
        if random.random() < 0.1:
            wanted["sales"] = -wanted["sales"] / 4  # refunds were more than sales
        for metric, value in wanted.items():
            if metric == "visitors" and store == STORES[1]:
                continue
            minute = random.randrange(8 * 60, 16 * 60)
            at = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
            sent = {
                "id": f"{store}-{who}-{metric}-{day}",
                "metric": metric,
                "unit": store,
                "at": at.isoformat(),
                "value": str(value.quantize(Decimal("0.01"))),
            }
            if who:
                sent["employee"] = who
            found.append((sent, _raw(sent, store)))
    return found


def _raw(sent: Mapping[str, Any], store: str) -> Raw:
    at = datetime.fromisoformat(sent["at"]).astimezone(UTC).replace(tzinfo=None)
    return Raw(sent["metric"], store, sent.get("employee", ""), at, Fraction(sent["value"]))
