"""What is there after the quarter: the letters that nobody had asked for, and what stands on the phones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from chat.card import load_card
from okr.quota import Class
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.transcript import BOT, Bubble
from storage import usage
from storage.database import Database
from storage.session import Session, amount, moment
from tests.quarter.company import DINGTALK, Company, Worker


@dataclass(frozen=True, slots=True)
class Reminded:
    """A letter of a reminder that was sent."""

    id: int
    number: str
    reminder: str
    variant: str
    subject: str
    level: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter of any kind; `reminder` is empty where a colleague's or one's own deed was its cause."""

    kind: Class
    reminder: str
    state: str
    error: str
    at: datetime
    judged: datetime
    """When it was sent, or a minute after it was last looked at."""
    form: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """A value of a key result, and when it was written down."""

    kr_id: int
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    company: Company
    reminded: Sequence[Reminded]
    reports: Sequence[Report]
    decided: Mapping[int, datetime | None]
    """The requests by their numbers, and when they were decided."""
    targets: Mapping[int, Sequence[tuple[datetime, Decimal]]]
    """By key result, the targets that were agreed on after the first, in their order."""
    bubbles: Mapping[str, Sequence[Bubble]]
    """What the bot has written to each, by employee number."""
    unsent: Sequence[str]
    """Letters that were given up, with their errors."""
    complaints: Sequence[str]
    posted: Sequence[Posted] = ()
    spent: Mapping[str, int] = field(default_factory=dict)
    """Calls and pushes of the last month, as DingTalk counted them, and calls by what was called."""
    counted: Mapping[str, int] = field(default_factory=dict)
    """The same as the bot counted them."""
    refused: Sequence[str] = ()
    """Calls that DingTalk refused, by their codes."""


async def gathered(
    database: Database, company: Company, dingtalk: FakeDingTalk, wecom: FakeWeCom
) -> Evidence:
    return Evidence(
        company,
        await database.read(_reminded),
        await database.read(_reports),
        await database.read(_decided),
        await database.read(_targets),
        {worker.number: list(_bubbles(worker, dingtalk, wecom)) for worker in company.workers},
        await database.read(_unsent),
        [str(complaint) for complaint in (*dingtalk.complaints, *wecom.complaints)],
        await database.read(_posted),
        {"calls": dingtalk.world.spent("calls"), "pushes": dingtalk.pushes, **dingtalk.calls},
        await database.read(_counted),
        [f"{request.code} {request.path}" for request in dingtalk.requests if request.code],
    )


async def _posted(session: Session) -> list[Posted]:
    rows = await session.all(
        "SELECT l.urgency, l.reminder, l.state, l.error, l.created_at, coalesce(l.sent_at, l.next_try), l.form, e.number"
        " FROM letters l"
        " LEFT JOIN employees e ON e.id = l.employee_id ORDER BY l.id"
    )
    return [
        Posted(
            Class(row[0]),
            row[1],
            row[2],
            row[3],
            moment(row[4]),
            moment(row[5]),
            row[6],
            row[7] or "",
        )
        for row in rows
    ]


async def _counted(session: Session) -> dict[str, int]:
    row = await session.one("SELECT max(month) FROM usage")
    spent = await usage.spent(session, row[0]) if row is not None and row[0] else {}
    return {what: count for (platform, what), count in spent.items() if platform == DINGTALK}


async def _reminded(session: Session) -> list[Reminded]:
    rows = await session.all(
        "SELECT l.id, e.number, l.reminder, l.variant, l.subject, l.level, l.card, l.sent_at FROM letters l"
        " JOIN employees e ON e.id = l.employee_id WHERE l.reminder <> '' AND l.state = 'sent' ORDER BY l.id"
    )
    return [
        Reminded(row[0], row[1], row[2], row[3], row[4], row[5], _title(row[6]), moment(row[7]))
        for row in rows
    ]


def _title(card: str) -> str:
    return load_card(card).face.title


async def _reports(session: Session) -> list[Report]:
    rows = await session.all(
        "SELECT key_result_id, value, recorded_at FROM check_ins WHERE value IS NOT NULL ORDER BY id"
    )
    return [Report(row[0], amount(row[1]) or Decimal(0), moment(row[2])) for row in rows]


async def _decided(session: Session) -> dict[int, datetime | None]:
    rows = await session.all("SELECT id, decided_at FROM change_requests")
    return {row[0]: moment(row[1]) if row[1] is not None else None for row in rows}


async def _targets(session: Session) -> dict[int, list[tuple[datetime, Decimal]]]:
    rows = await session.all(
        "SELECT kr_id, decided_at, new FROM change_requests WHERE state = 'approved' AND field = 'target' ORDER BY decided_at"
    )
    agreed: dict[int, list[tuple[datetime, Decimal]]] = {}
    for kr_id, decided_at, new in rows:
        agreed.setdefault(kr_id, []).append(
            (moment(decided_at), Decimal(json.loads(new)["target"]["target"]))
        )
    return agreed


async def _unsent(session: Session) -> list[str]:
    rows = await session.all("SELECT id, error FROM letters WHERE state = 'dead'")
    return [f"letter {row[0]}: {row[1]}" for row in rows]


def _bubbles(worker: Worker, dingtalk: FakeDingTalk, wecom: FakeWeCom) -> Iterator[Bubble]:
    if worker.platform == DINGTALK:
        chat, transcript = dingtalk.private_id(worker.user), dingtalk.transcript
    else:
        chat, transcript = wecom.private_id(worker.user, "app"), wecom.transcript
    return (bubble for bubble in transcript.of(chat) if bubble.author == BOT)
