"""What somebody is answered about his own costs the same in a small company and beside many others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import sqlite
from storage.database import Database
from storage.session import Session
from tests.engines import sqlite_copy
from tests.handlers.desk import LI, Desk, at_desk
from tests.storage.company import NOON

FEW, MANY = 10, 2000
GROWS = 1.5
"""Times as much work as beside a few is still the same: what is found by an index lies deeper in it."""
NOISE = 200
"""Steps of SQLite's machine that come and go with letters and notes."""
SAID = (
    "我的目标", "更新 KR{kr} 1050", "更新 KR{kr} +20", "撤销 KR{kr}", "撤销", "历史 KR{kr}", "历史 KR{kr} 11月20日", "为什么 KR{kr}",
    "查看 KR{kr}", "查看 O{o}", "我的待办", "周报", "信心 KR{kr} 7", "修改 KR{kr} 目标值 1200 原因 新店", "建议 KR{kr} 目标值 1080 理由 停车场",
    "关联度 O{o}", "点赞 KR{kr}", "评论 KR{kr} 好", "订阅 O{o}", "复盘", "评分 O{o}", "修改记录 KR{kr}", "提醒设置", "今日动作 KR{kr} 陈列",
    "我明天休", "我客流到1060了", "查看 @王店", "查看 e0101", "协作 KR{kr} @王店 需要数据 周五前", "新建目标 提升\nKR 会员 从 0 到 100 人",
)  # fmt: skip


class Steps:
    """Counts the steps of SQLite's machine on every connection opened meanwhile."""

    def __init__(self) -> None:
        self.taken = 0

    def step(self) -> None:
        self.taken += 10


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    steps, plain = Steps(), sqlite.connect

    def connect(path: Path | str) -> sqlite3.Connection:
        connection = plain(path)
        connection.set_progress_handler(steps.step, 10)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "connect", connect)
        yield steps


async def crowd(session: Session, size: int) -> None:
    """So many others, each under one of twenty, with a goal and what they reported of it."""
    count = f"WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < {1000 + size})"
    await session.run(
        "INSERT INTO employees (id, number, name, department, position, grade, manager_id, region, store, store_type,"
        f" employment, mobile, active, home, last_platform) {count} SELECT i, 'C' || i, '同事' || i, '别处/' || (i / 20),"
        " '', '', CASE WHEN i > 1001 THEN 1001 + (i - 1002) / 20 END, '', '', '', '', '', 1, '', '' FROM n"
    )
    columns = "cycle_id, title, state, version, created_at, active_at"
    await session.run(
        f"INSERT INTO objectives (id, owner_id, {columns}) {count} SELECT i, i, {columns} FROM n CROSS JOIN"
        " (SELECT * FROM objectives ORDER BY id LIMIT 1)"
    )
    columns = (
        "position, title, kind, unit, basis, start_value, target_value, value, value_at, cumulative, milestones, rungs, weight, state,"
        " metric, metric_own, doubts, value_source, value_typed, origin, roll_up"
    )
    await session.run(
        f"INSERT INTO key_results (id, objective_id, {columns}) {count} SELECT i, i, {columns} FROM n CROSS JOIN"
        " (SELECT * FROM key_results ORDER BY id LIMIT 1)"
    )
    for share in (1010, 1040):
        await session.run(
            "INSERT INTO check_ins (key_result_id, value, confidence, note, on_at, recorded_at, author_id, source, platform)"
            f" {count} SELECT i, ?, 7, '', ?, ?, i, '', 'dingtalk' FROM n",
            share,
            NOON,
            NOON,
        )


async def cost(url: str, size: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Steps that each saying takes beside so many others."""
    found: dict[str, int] = {}
    with counted(monkeypatch) as steps:
        async with Database(url) as database:
            office: Desk = at_desk(database)
            objective, kr = await office.new_goal()
            await office.does(lambda session: crowd(session, size))
            await office.says(LI, "我的目标")
            for said in SAID:
                before = steps.taken
                await office.says(LI, said.format(kr=kr, o=objective))
                found[said] = steps.taken - before
    return found


async def test_ones_own_costs_the_same_beside_many_others(
    sqlite_cast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = await cost(sqlite_copy(sqlite_cast, tmp_path / "few.db"), FEW, monkeypatch)
    many = await cost(sqlite_copy(sqlite_cast, tmp_path / "many.db"), MANY, monkeypatch)

    grown = {said: (few[said], many[said]) for said in SAID if many[said] > GROWS * few[said] + NOISE}
    assert grown == {}
    assert all(few.values())
