"""okrbot check on the edit trail, and okrbot erase."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.sample_company import furnish
from storage import erasure, trail
from storage.database import Database
from storage.session import Session
from storage.trail import Deed
from tests.bot.command_line import Typed
from tests.engines import in_a_loop_of_its_own

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def keep(folder: Path, work: Callable[[Session], Awaitable[Any]]) -> None:
    """Do something to the database of this folder."""

    async def do() -> None:
        async with Database(f"sqlite://{folder / 'data' / 'okrbot.db'}") as database:
            await database.upgrade()
            await database.transact(lambda session: _awaited(work(session)))

    in_a_loop_of_its_own(do())


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The sample company with three lines in its trail."""

    async def fill(session: Session) -> None:
        await furnish(session, NOW)
        for step in range(3):
            await trail.record(
                session, Deed("修改", NOW, 5, "dingtalk", 4, 8, new=str(step), reason="改一改")
            )

    keep(tmp_path, fill)
    return tmp_path


def test_a_whole_trail_is_well_and_a_broken_one_an_error(typed: Typed, company: Path) -> None:
    well = typed("check")
    assert well.code == 0
    assert "正常  修改记录 3 行,一环扣一环(末尾 " in well.out

    keep(company, lambda session: session.run("UPDATE trail SET new = '9' WHERE id = 2"))
    broken = typed("check")

    assert broken.code == 1
    assert "错误  修改记录第 2 行和写下时不一样(共 3 行)" in broken.out

    keep(company, lambda session: session.run("DELETE FROM trail WHERE id > 1"))
    assert "错误  修改记录第 2 行不见了(共 3 行)" in typed("check").out


def test_somebody_who_is_here_is_not_erased(typed: Typed, company: Path) -> None:
    del company
    said = typed("erase", "E0102", "--yes")

    assert (said.code, said.out) == (1, "")
    assert said.err == "okrbot: 李四(E0102)还在职:先导入状态是离职的人员表\n"
    assert typed("erase", "E9999", "--yes").err == "okrbot: 没有工号 E9999 的人,也可能已经抹去了\n"


def test_a_leaver_is_erased_once_it_has_been_confirmed(typed: Typed, company: Path) -> None:
    (company / "staff.csv").write_text("工号,姓名,状态\nE0102,李四,离职\n", encoding="utf-8")
    assert typed("import", "staff", "staff.csv").code == 0

    asked = typed("erase", "e0102")
    assert (asked.code, asked.out) == (1, "")
    assert asked.err == "okrbot: 会抹去 李四(E0102)的姓名、账号和写过的话,找不回来。确定就加 --yes\n"
    keep(company, _still_there)

    done = typed("erase", "e0102", "--yes")
    assert (done.code, done.err) == (0, "")
    assert done.out == "E0102 已经抹去。更早的备份里还有,到期也要删\n"
    assert typed("erase", "E0102", "--yes").code == 1
    assert "正常  修改记录 4 行" in typed("check").out


async def _still_there(session: Session) -> None:
    found = await erasure.find(session, "E0102")
    assert found is not None
    assert (found.name, found.active) == ("李四", False)
