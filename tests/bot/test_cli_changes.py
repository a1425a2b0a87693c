"""okrbot config changes: what the admins have changed in chat, and that the other commands know of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from okr.amendments import Amendment
from storage import settings_changes
from storage.database import Database
from storage.session import Session
from tests.bot.command_line import Typed
from tests.engines import in_a_loop_of_its_own
from tests.scheduler.reminders.stage import Office, at
from tests.storage.company import person

KEY = "reminders.progress_warning.behind_points"


async def _changed(folder: Path) -> None:
    async with Database(f"sqlite://{folder / 'data/okrbot.db'}") as database:
        office = await Office(database, at("2026-11-25 09:30")).hired()

        async def work(session: Session) -> None:
            chen = await person(session, "E0001")
            for amendment, was in (
                (Amendment(KEY, 15), 10),
                (Amendment(KEY, 20), 15),
                (Amendment("schedule.checkin_due", "9:45"), None),
                (Amendment("reminders.kr_stalled.days", 40), 14),
            ):
                await settings_changes.record(session, amendment, was, chen.id, office.now)

        await database.transact(work)


@pytest.fixture
def company(typed: Typed, tmp_path: Path) -> Path:
    (tmp_path / "bot.yaml").write_text("storage: {url: 'sqlite://data/okrbot.db'}\n", encoding="utf-8")
    typed("db", "upgrade")
    return tmp_path


@pytest.mark.usefixtures("company")
def test_nothing_was_changed(typed: Typed) -> None:
    assert typed("config", "changes").out == "没有在聊天里改过设置\n"


def test_each_change_is_a_line_with_whether_it_holds(typed: Typed, company: Path) -> None:
    in_a_loop_of_its_own(_changed(company))

    lines = [line.split("\t") for line in typed("config", "changes").out.splitlines()]

    assert [(line[0], line[2], *line[3:]) for line in lines] == [
        ("4", "陈总", "reminders.kr_stalled.days", "14 → 40", "和现在的文件合不上,没有用"),
        ("3", "陈总", "schedule.checkin_due", "空 → 9:45", "生效"),
        ("2", "陈总", KEY, "15 → 20", "生效"),
        ("1", "陈总", KEY, "10 → 15", "改过"),
    ]


def test_other_commands_have_it_over_the_file(typed: Typed, company: Path) -> None:
    in_a_loop_of_its_own(_changed(company))
    (company / "new.yaml").write_text(
        "storage: {url: 'sqlite://data/okrbot.db'}\nreminders: {progress_warning: {behind_points: 5}}\n",
        encoding="utf-8",
    )

    assert typed("config", "diff", "new.yaml").out == "两份配置一样\n", "what was said in chat stays over it"
    [due] = [line for line in typed("jobs", "list").out.splitlines() if line.startswith("checkin_due")]
    assert "09:45" in due
