"""okrbot config diff: what another configuration would send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.command_line import Typed
from tests.engines import in_a_loop_of_its_own
from tests.scheduler.reminders.stage import OFFICE, Office, at, weekly

SLOW = weekly(date(2026, 10, 8), ["10", "20", "30", "40", "50"])
"""On 25 November 10 points behind."""


async def _company(folder: Path) -> None:
    async with Database(f"sqlite://{folder / 'data/okrbot.db'}") as database:
        office = await Office(database, at("2026-11-25 09:30")).hired()
        await office.goal(OFFICE, reports=SLOW)


@pytest.fixture
def company(typed: Typed, tmp_path: Path) -> Path:
    (tmp_path / "bot.yaml").write_text("storage: {url: 'sqlite://data/okrbot.db'}\n", encoding="utf-8")
    typed("db", "upgrade")
    in_a_loop_of_its_own(_company(tmp_path))
    return tmp_path


def wanting(folder: Path, text: str) -> None:
    (folder / "new.yaml").write_text(
        f"storage: {{url: 'sqlite://data/okrbot.db'}}\n{text}\n", encoding="utf-8"
    )


def counted(typed: Typed, at: str = "2026-11-25") -> tuple[list[str], str]:
    said = typed("config", "diff", "new.yaml", "--at", at)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    return [line for line in lines if line.startswith("改了")], next(
        one for one in lines if "按新配置" in one
    )


def test_nothing_has_changed(typed: Typed, company: Path) -> None:
    wanting(company, "")

    assert typed("config", "diff", "new.yaml").out == "两份配置一样\n"


@pytest.mark.parametrize(
    ("text", "changed", "more", "less"),
    [
        ("reminders: {progress_warning: {behind_points: 5}}", "behind_points:10 → 5", 0, 0),
        ("reminders: {progress_warning: {behind_points: 20}}", "behind_points:10 → 20", 0, 1),
        ("reminders: {progress_warning: {enabled: false}}", "enabled:true → false", 0, 1),
        ("reminders: {progress_warning: {at_risk_points: 10}}", "at_risk_points:25 → 10", 1, 0),
        ("schedule: {checkin_due: wed 9:00}", "schedule.checkin_due", 1, 0),
        ("schedule: {progress_warning: thu 9:00}", "schedule.progress_warning", 0, 1),
    ],
)
def test_what_is_sent_more_and_less(
    typed: Typed, company: Path, text: str, changed: str, more: int, less: int
) -> None:
    wanting(company, text)

    changes, line = counted(typed)

    assert changed in changes[0]
    assert line == f"按新配置,2026-11-25 会多发 {more} 条,少发 {less} 条提醒"


def test_receivers_are_named_by_reminder(typed: Typed, company: Path) -> None:
    wanting(company, "reminders: {progress_warning: {enabled: false}}")

    out = typed("config", "diff", "new.yaml", "--at", "2026-11-25").out

    assert "少发 1 条 progress_warning 目标进度预警" in out
    assert "少发\tprogress_warning\t周敏(E0003)\t🟡 KR1 开发新客户" in out


def test_it_leaves_nothing_behind(typed: Typed, company: Path) -> None:
    wanting(company, "reminders: {progress_warning: {at_risk_points: 10}}")
    counted(typed)

    assert typed("outbox", "list").out == ""
    assert "progress_warning\t上次 -" in typed("jobs", "list").out


@pytest.mark.parametrize(
    ("text", "err"),
    [("reminders: {progress: {}}", "progress"), ("schedule: {digest: never}", "写的是 never")],
)
def test_a_wrong_file_is_refused(typed: Typed, company: Path, text: str, err: str) -> None:
    wanting(company, text)
    said = typed("config", "diff", "new.yaml")

    assert said.code == 1
    assert err in said.err
