"""提醒类型: the sixteen, each with its switch, its rule and whom it is for."""

from __future__ import annotations

from cards.notices import notice
from chat.answers import Answer
from handlers import hearing
from handlers.asking import Asking, shown
from handlers.route import Route
from okr.reminding import ALWAYS, SPEAKING, Reminder
from storage import wishes


async def kinds(asking: Asking) -> Answer:
    """提醒类型 · 提醒类型 停滞 · 提醒类型 3"""
    known = await wishes.of(asking.session, asking.asker.id, asking.now)
    items = [
        {
            "number": number,
            "key": str(reminder),
            "name": reminder.called,
            "speaks": reminder in SPEAKING,
            "always": reminder in ALWAYS,
            "on": hearing.is_on(asking, reminder) and wishes.silences(known, reminder, "") is None,
            "numbers": hearing.numbers_of(asking, reminder),
        }
        for number, reminder in enumerate(Reminder, 1)
    ]
    if not asking.rest:
        return shown(notice("reminder_kinds", items=items), restricted=True)
    chosen = hearing.named(asking.rest, tuple(Reminder), "提醒类型 {}")
    one = next(item for item in items if item["key"] == chosen)
    return shown(notice("reminder_kind", one=one), restricted=True)


ROUTES = (
    Route(
        words=("提醒类型", "提醒种类"),
        handle=kinds,
        topic="其他",
        does="十六种提醒,各按什么规矩、发给谁",
        examples=("提醒类型", "提醒类型 停滞"),
    ),
)
