"""Hints, questions and refusals speak of the reader's own goals, unit, colleagues and cycles, so that they work as they stand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import cards
from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHAO, Desk

TEMPLATES = Path(cards.__file__).parent / "templates"
WRITTEN_OUT = re.compile(
    r"华[东南]区|西湖店|滨江店|李四|张三|王五|王店|陈总|周敏|赵店|E0[12]\d\d|20\d\d(?:Q[1-4]|H[12])"
)


@pytest.fixture
async def desk(sqlite_company_url: str) -> AsyncIterator[Desk]:
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), admins=frozenset({CHEN})), MONDAY)


def test_no_template_names_somebody() -> None:
    named = {
        path.name: found
        for path in TEMPLATES.rglob("*.j2")
        if (found := WRITTEN_OUT.findall(path.read_text(encoding="utf-8")))
    }
    assert named == {}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("查看 @火星人", "查看 @吴越 或 查看 E0202"),
        ("导出 今天的天气", "导出 查看 滨江店 / 导出 历史 KR13 / "),
        ("请假", "代理 @吴越"),
        ("交接", "@吴越 @张三"),
        ("排班 @吴越 上午 10:00 左右", "@吴越 周五 10:00-18:30"),
        ("可见 O6", "可见 O6 @吴越 @张三"),
        ("可见 O6 指定人", "@吴越 @张三"),
        ("分解 KR13", "分解 KR13 @吴越 40% @张三 60%"),
        ("目标来源 @吴越", "目标来源 @吴越"),
        ("目标地图", "目标地图 滨江店"),
        ("评分 2026Q4", "评分 "),
        ("结转 O6 到 2031Q1", "季度写成 2026Q4 这样"),
        ("帮助 关闭周期", "关闭周期 2026Q4"),
        ("帮助 重开周期", "重开周期 2026Q3 漏算了一家店"),
        ("帮助 设置", "设置 机制 滨江店 周更新"),
    ],
)
async def test_who_reads_finds_his_own(desk: Desk, said: str, shown: str) -> None:
    told = await desk.says(ZHAO, said)
    assert shown in told
    assert not re.search("西湖店|李四|华东区 /|王店", told.replace(said, ""))


async def test_an_administrator_is_given_a_store_there_is(desk: Desk) -> None:
    assert re.search("设置 机制 (西湖店|滨江店) 周更新", await desk.says(CHEN, "机制对比"))
    assert re.search("设置 机制 (西湖店|滨江店) 周更新", await desk.says(CHEN, "设置 机制 火星店 周更新"))


async def test_the_example_works_for_who_reads_it(desk: Desk) -> None:
    told = await desk.says(LI, "导出 今天的天气")
    for example in re.findall(r"导出 (?:查看|历史) [^ /]+", told)[-2:]:
        assert "文件在下面" in await desk.says(LI, example), example


async def test_cycles_go_with_the_running_one(desk: Desk) -> None:
    desk.now += timedelta(days=60)
    assert "区域对比 2027Q1" in await desk.says(WANG, "帮助 区域对比")
    assert "重开周期 2026Q4" in await desk.says(CHEN, "帮助 重开周期")
    assert "看别的周期发:评分 2027Q1" in await desk.says(LIN, "评分 2026Q4")


async def test_a_cycle_that_never_was_is_no_example(desk: Desk) -> None:
    assert "看有哪些周期发:周期" in await desk.says(LIN, "评分 2026Q4")
