"""When a job runs, as bot.yaml says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.reminders import KEYS
from config.schedule import HOUSEKEEPING, SLOTS, read_when, schedule_of
from scheduler.timetable import JOBS
from tests.config.written import finding_of

USUAL = "0 9 * * mon"


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ("17:30", "30 17 * * mon"),
        ("9:05", "5 9 * * mon"),
        ("Fri 17:30", "30 17 * * fri"),
        ("mon-fri 9:00", "0 9 * * mon-fri"),
        ("mon,wed 9:00", "0 9 * * mon,wed"),
        ("周五 17:30", "30 17 * * fri"),
        ("周一至周五 9:00", "0 9 * * mon-fri"),
        ("每天 8:00", "0 8 * * *"),
        ("daily 8:00", "0 8 * * *"),
        ("25 10:00", "0 10 25 * *"),
        ("last 10:00", "0 10 last * *"),
        ("月底 10:00", "0 10 last * *"),
        ("*/30 8-20 * * mon-sat", "*/30 8-20 * * mon-sat"),
        ("0 9 29 2 *", "0 9 29 2 *"),
    ],
)
def test_what_is_said_replaces_what_is_usual(said: str, cron: str) -> None:
    assert read_when(said).instead_of(USUAL) == cron


@pytest.mark.parametrize(
    "said",
    ["", "fri", "25:00", "9:60", "fry 9:00", "32 9:00", "0 9 * * 5", "60 9 * * *", "0 9 31 2 *", "0 9 30-31 2 *",
     "5-1 9 * * *", "*/0 9 * * *", "0 9 * *", "0 9 * * fri extra", "last 9 * * *", "9点"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(said: str) -> None:
    """A weekday as a number is Friday to some and Saturday to others."""
    with pytest.raises(ValueError, match=r"\S|^$"):
        read_when(said)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("schedule: {weekly: '17:00'}", "schedule.weekly:没有叫这个名字的任务"),
        ("schedule: {checkin_due: fry 9:00}", "schedule.checkin_due:写的是 fry 9:00;像 17:30、fri 17:30"),
        ("schedule: {checkin_due: {store: '9:00'}}", "schedule.checkin_due.store:没有这一项;写 at 和 days"),
        ("schedule: {checkin_due: {days: fri}}", "schedule.checkin_due:写的是 days fri,没有写 at"),
        (
            "schedule: {weekly_report: {shop: '9:00'}}",
            "schedule.weekly_report.shop:没有这一项;写 office、store",
        ),
        ("schedule: {digest: {}}", "schedule.digest:写的是 空的"),
    ],
)
def test_mistakes_are_told_at_load(tmp_path: Path, text: str, found: str) -> None:
    assert found in str(finding_of(tmp_path, text))


def test_a_job_may_have_more_than_one_time() -> None:
    said = schedule_of(
        {"weekly_report": {"office": "thu 16:00", "store": "tue 11:00"}, "digest": {"at": "9:00"}}
    )

    assert {slot: when.instead_of(USUAL) for slot, when in said["weekly_report"].items()} == {
        "office": "0 16 * * thu",
        "store": "0 11 * * tue",
    }
    assert said["digest"][""].instead_of(USUAL) == "0 9 * * mon"


def test_every_job_can_be_moved() -> None:
    names = {*KEYS, *HOUSEKEEPING}

    assert {job.name for job in JOBS} <= names
    assert {job.name: [slot.name for slot in job.slots] for job in JOBS if len(job.slots) > 1} == {
        name: list(slots) for name, slots in SLOTS.items() if name in {job.name for job in JOBS}
    }
