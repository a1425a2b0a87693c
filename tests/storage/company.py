"""The cast, employed: what the storage tests start from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from okr.objectives import Cycle, Kind, Measure
from okr.people import Person
from sandbox.cast import CAST
from sandbox.sample_company import staff_row
from sheets.staff import StaffRow
from storage import cycles, objectives, people, staff
from storage.session import Session

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
"""Noon of a Tuesday in Shanghai, in the middle of 2026Q4."""
TODAY = date(2026, 11, 24)
HOMES = {"钉钉": "dingtalk", "企业微信": "wecom"}


STAFF = tuple(staff_row(member) for member in CAST)


async def employ(session: Session, lines: Sequence[StaffRow] = STAFF) -> None:
    await staff.take_in(session, lines, NOON)


async def person(session: Session, number: str) -> Person:
    found = await people.by_number(session, number)
    assert found is not None, number
    return found


VISITORS = objectives.Draft(
    "生鲜区客流量", Measure(Kind.NUMBER, "人", start=Decimal(1000), target=Decimal(1100))
)


async def goal(session: Session, *drafts: objectives.Draft, owner: str = "E0102") -> tuple[int, int]:
    """An objective in force and the id of its first key result, for 李四 unless told otherwise."""
    cycle: Cycle = await cycles.running(session, TODAY)
    owner_id = (await person(session, owner)).id
    objective_id = await objectives.create(
        session, owner_id, cycle, "生鲜区更好卖", drafts or (VISITORS,), None, NOON
    )
    await objectives.activate(session, objective_id, NOON)
    whole = await objectives.by_id(session, objective_id)
    assert whole is not None
    return objective_id, whole.key_results[0].id


def message(
    text: str,
    event_id: str,
    *,
    user_id: str = "dt-li",
    platform: PlatformName = PlatformName.DINGTALK,
    kind: ChatKind = ChatKind.PRIVATE,
    where: str = "cid-li",
) -> Message:
    return Message(
        event_id=event_id,
        at=NOON,
        sender=Account(platform, user_id),
        conversation=Conversation(platform, where, kind),
        route={"webhook": "http://127.0.0.1/answer"},
        text=text,
    )
