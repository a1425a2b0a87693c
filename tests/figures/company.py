"""A company made by chance: four regions, their stores and people, and what is asked of it through the doors that
people and systems use. What its points come to is added up here, slow and plain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
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
from config.schedule import schedule_of
from config.settings import IngestToken, Settings
from handlers.asking import Asking
from handlers.board.pages import page_at
from handlers.routing import Routing
from okr.funnels import FunnelSpec
from okr.mechanism import Mechanism, MechanismRule, Mechanisms
from okr.policy import SHANGHAI, Policy
from okr.schemes import Criteria
from okr.windows import SendWindow
from sheets.packing import unpacked
from sheets.staff import StaffRow
from storage import files, people, staff
from storage.database import Database
from storage.session import Session
from tests.figures.points import METRICS, REGIONS, STORES, TODAY, Belongs, Lot, known_on, sellers_of
from tests.handlers.desk import face
from tests.scheduler.reminders.stage import Office

NOW = datetime(2026, 11, 25, 9, 10, tzinfo=UTC)
"""Wednesday, ten past five in the afternoon in Shanghai."""
HEAD = "B001"
PART_TIME = "S0202"
"""Not compared with others."""
OTHER_KIND = "北四店"
"""The only store of its type."""
WEEKLY = ("东一店", "东二店", "西一店", "西二店", "北一店")
"""Whose goals are updated every week: by the region's name but for one store's, by a rule, by the store's name."""
OWN_FUNNEL = FunnelSpec("进店成交", ("visitors", "orders"), ("进店", "成交"), "sales")
STORE_FUNNEL = FunnelSpec(
    "到店成交", ("visitors", "tries", "orders"), ("到店", "试穿", "买单"), "sales", own=False
)
CLOSED = {
    "南一店": {date(2026, 11, 18), date(2026, 11, 19)},
    "西区": {date(2026, 11, 9), date(2026, 12, 1)},
}


def head_of(store: str) -> str:
    return f"H{STORES.index(store) + 1:03}"


def chief_of(region: str) -> str:
    return f"C{list(REGIONS).index(region) + 1:03}"


def region_of(store: str) -> str:
    return next(region for region, stores in REGIONS.items() if store in stores)


def closed_at(store: str) -> set[date]:
    return CLOSED.get(store, set()) | CLOSED.get(region_of(store), set())


def name_of(number: str) -> str:
    return f"员{number.lower()}"


def _policy() -> Policy:
    """Both weekly reports come at the moment of the tests, and nobody is off shift."""
    return replace(
        policy_of(Settings()),
        metrics=METRICS,
        admins=frozenset({HEAD}),
        ranking_least=3,
        ranking_weekly="sales",
        funnels=(OWN_FUNNEL, STORE_FUNNEL),
        schedule=schedule_of({"weekly_report": {"office": "wed 17:00", "store": "wed 17:00"}}),
        window=SendWindow(always=True),
        links_pictures=True,
        mechanisms=Mechanisms(
            {"东区": Mechanism.WEEKLY, "东三店": Mechanism.MONTHLY, "北一店": Mechanism.WEEKLY},
            (MechanismRule(Criteria(region=frozenset({"西区"})), Mechanism.WEEKLY),),
        ),
    )


POLICY = _policy()


@dataclass
class Company:
    database: Database
    policy: Policy = POLICY
    heard: int = 0
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.dispatch = Dispatch(self.database, Routing(), lambda: self.policy, "here", lambda: self.now)
        token = IngestToken(name="POS", token=SecretStr("only-here"))
        self.door = Ingest(self.database, lambda: self.policy, lambda: [token], lambda: self.now)

    # --- made ---

    async def found(self) -> None:
        await self.database.transact(lambda session: staff.take_in(session, list(_staff()), self.now))

    async def deliver(self, lot: Lot) -> None:
        for begin in range(0, len(lot), 900):
            body = json.dumps({"points": [sent for sent, _ in lot[begin : begin + 900]]}).encode()
            outcome = await self.door.keep("POS", body)
            assert not outcome.rejected, outcome.rejected[:3]

    def bot(self) -> Office:
        """What it writes unasked, and a box for what arrives."""
        return Office(self.database, self.now.astimezone(SHANGHAI), self.policy)

    # --- asked ---

    async def says(self, number: str, text: str) -> str:
        """What somebody is answered, in words and without its picture."""
        return face(self.card(await self.hear(number, text)).without_picture())

    async def hear(self, number: str, text: str) -> Heard:
        self.heard += 1
        who = Account(PlatformName.WECOM, number)
        here = Conversation(PlatformName.WECOM, number, ChatKind.PRIVATE)
        said = Message(f"m{self.heard}", self.now, who, here, text=text)
        return await self.dispatch.hear(said)

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
        return await self.drawn(self.card(await self.hear(number, text)))

    async def drawn(self, card: Card) -> str:
        """The SVG that a card shows."""
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

    def total(self, metric: str, first: date, last: date, belongs: Belongs) -> Fraction | None:
        return known_on(TODAY).total(metric, first, last, belongs)

    def days(self, metric: str, first: date, last: date, belongs: Belongs) -> dict[date, Fraction]:
        return known_on(TODAY).days(metric, first, last, belongs)


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
            kind = "旗舰店" if store == OTHER_KIND else "社区店"
            there = {"region": region, "store": store, "store_type": kind}
            path = f"集团/{region}/{store}"
            rows.append(row(head_of(store), path, chief_of(region), "店长", grade="M1", **there))
            rows += [
                row(
                    number,
                    path,
                    head_of(store),
                    "导购",
                    grade=f"P{n}",
                    employment="兼职" if number == PART_TIME else "",
                    **there,
                )
                for n, number in enumerate(sellers_of(store), 1)
            ]
    return rows
