"""What is there after the quarter: the letters that nobody had asked for, and what stands on the phones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chat.card import load_card
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.transcript import BOT, Bubble
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
    bubbles: Mapping[str, Sequence[Bubble]]
    """What the bot has written to each, by employee number."""
    unsent: Sequence[str]
    """Letters that were given up, with their errors."""
    complaints: Sequence[str]


async def gathered(
    database: Database, company: Company, dingtalk: FakeDingTalk, wecom: FakeWeCom
) -> Evidence:
    return Evidence(
        company,
        await database.read(_reminded),
        await database.read(_reports),
        await database.read(_decided),
        {worker.number: list(_bubbles(worker, dingtalk, wecom)) for worker in company.workers},
        await database.read(_unsent),
        [str(complaint) for complaint in (*dingtalk.complaints, *wecom.complaints)],
    )


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


async def _unsent(session: Session) -> list[str]:
    rows = await session.all("SELECT id, error FROM letters WHERE state = 'dead'")
    return [f"letter {row[0]}: {row[1]}" for row in rows]


def _bubbles(worker: Worker, dingtalk: FakeDingTalk, wecom: FakeWeCom) -> Iterator[Bubble]:
    if worker.platform == DINGTALK:
        chat, transcript = dingtalk.private_id(worker.user), dingtalk.transcript
    else:
        chat, transcript = wecom.private_id(worker.user, "app"), wecom.transcript
    return (bubble for bubble in transcript.of(chat) if bubble.author == BOT)
