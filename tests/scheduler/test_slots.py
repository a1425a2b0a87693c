"""What a crontab was asked before is remembered, and changes no answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from apscheduler.triggers.cron import CronTrigger

from okr.workdays import OfficeCalendar
from scheduler import slots
from scheduler.slots import Slot, next_after

TICK = timedelta(microseconds=1)
STEPS = (TICK, timedelta(minutes=30), timedelta(days=1))


@pytest.mark.parametrize("cron", ["*/30 * * * *", "0 9 * * mon", "0 0 1 * *", "1 0 29 2 *"])
@pytest.mark.parametrize("remembered", [3, 1000])
def test_in_whatever_order_it_is_asked(cron: str, remembered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_REMEMBERED", remembered)
    random = Random(1)
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    alone = CronTrigger.from_crontab(cron, timezone=UTC)

    for _ in range(400):
        moment = begin + random.choice(STEPS) * random.randrange(40)
        due = alone.get_next_fire_time(moment, moment + TICK)
        assert next_after([Slot(cron)], moment, UTC, OfficeCalendar()) == due
        begin = random.choice([begin, due])  # also from the very moment at which it fires
