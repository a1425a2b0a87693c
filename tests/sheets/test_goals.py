"""A table of goals as people keep it, and everything that goes wrong in one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from okr.goal_lines import GoalLine
from okr.objectives import Basis, Commitment, Kind, Milestone, Origin
from sheets import goal_cells
from sheets.errors import BadTable
from sheets.goals import GoalFile, Known, read_goals
from sheets.reading import read_table
from sheets.staff_cells import WrongCell

KNOWN = Known({"E0101", "E0102"}, {"2026Q4", "2027Q1"}, {"sales": "销售额"})


def read(header: str, *rows: str) -> GoalFile:
    return read_goals(read_table("\n".join([header, *rows]).encode(), "目标.csv"), KNOWN)


def one(header: str, row: str) -> GoalLine:
    found = read(header, row)
    assert found.problems == ()
    return found.lines[0]


def test_a_line_with_everything() -> None:
    line = one(
        "工号,周期,目标,关键结果,类型,口径,单位,起始值,目标值,权重,承诺/挑战,来源,日常指标,数据,对齐,截止,阶段,当前值,更新日期,信心",
        'e0102,2026q4,提升业绩,客流量,数值,日均,人,"1,000",1.2万,30%,挑战,自上而下,是,销售额 本人,E0101/销售额,2026-12-20,'
        "2026-10-31 20%;2026-11-30 70%,1050,2026-11-20,7",
    )

    assert (line.line, line.number, line.cycle, line.objective, line.title) == (
        2,
        "E0102",
        "2026Q4",
        "提升业绩",
        "客流量",
    )
    measure = line.measure
    assert (measure.kind, measure.unit, measure.basis) == (Kind.NUMBER, "人", Basis.DAILY)
    assert (measure.start, measure.target) == (Decimal(1000), Decimal(12000))
    assert (line.share, line.weight) == (Decimal("0.3"), Decimal(1))
    assert (line.commitment, line.origin, line.is_kpi) == (Commitment.STRETCH, Origin.TOP_DOWN, True)
    assert (line.metric, line.metric_own, line.supports) == ("sales", True, "E0101/销售额")
    assert line.stages == ((date(2026, 10, 31), Decimal("0.2")), (date(2026, 11, 30), Decimal("0.7")))
    assert (line.due, line.value_day) == (date(2026, 12, 20), date(2026, 11, 20))
    assert (line.value, line.confidence) == (Decimal(1050), 7)


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("起始值,目标值", "8%,5%", Kind.NUMBER),
        ("上限,单位", "2,%", Kind.MAINTAIN),
        ("步骤", "定方案(完成);装修(权重 2)(截止 2026-12-20)", Kind.MILESTONE),
        ("档位", "及格/良好/优秀", Kind.ORDINAL),
        ("单位", "", Kind.BOOLEAN),
        ("类型", "摸底", Kind.BASELINE),
    ],
)
def test_the_kind_follows_from_what_is_filled_in(header: str, cells: str, kind: Kind) -> None:
    line = one(f"工号,周期,目标,关键结果,{header}", f"E0102,2026Q4,提升业绩,甲,{cells}")

    assert line.measure.kind is kind
    if kind is Kind.NUMBER:
        assert line.measure.unit == "%"
    if kind is Kind.MILESTONE:
        assert line.measure.milestones == (
            Milestone("定方案", done=True),
            Milestone("装修", Decimal(2), date(2026, 12, 20)),
        )


@pytest.mark.parametrize(
    ("header", "cells", "column", "reason"),
    [
        ("起始值,目标值", "5,5", "目标值", "和起始值一样,算不出进度"),
        ("起始值", "5", "目标值", "没有填"),
        ("目标值", "很多", "目标值", "「很多」不是数字"),
        ("目标值", "1e400", "目标值", "「1e400」不是数字"),
        ("目标值", "99999999999999999999", "目标值", "「99999999999999999999」太大了"),
        ("类型", "保持", "上限", "保持型要填下限、上限,或者都填"),
        ("下限,上限", "5,2", "上限", "比下限还小"),
        ("类型", "里程碑", "步骤", "里程碑要写步骤,用分号隔开"),
        ("类型", "其他", "类型", "只能写 数值、保持、是否、里程碑、等级、摸底,这里是「其他」"),
        ("档位", "好/坏", "档位", "要写三档,用 / 隔开,比如 及格/良好/优秀"),
        ("权重", "120%", "权重", "权重要在 0% 到 100% 之间"),
        ("权重", "0", "权重", "权重要大于 0"),
        ("信心", "11", "信心", "信心是 0 到 10 的整数"),
        ("承诺/挑战", "也许", "承诺/挑战", "只能写 承诺 或 挑战,这里是「也许」"),
        ("数据", "weather", "数据", "没有叫 weather 的数据,bot.yaml 的 metrics 里有:sales"),
        ("截止", "2026-02-30", "截止", "没有「2026-02-30」这一天"),
        ("阶段", "2026-10-31 70%;2026-11-30 20%", "阶段", "后面的阶段不能比前面的低"),
    ],
)
def test_a_wrong_cell_is_named(header: str, cells: str, column: str, reason: str) -> None:
    found = read(f"工号,周期,目标,关键结果,{header}", f"E0102,2026Q4,提升业绩,甲,{cells}")

    assert found.lines == ()
    assert [(p.line, p.column, p.reason) for p in found.problems] == [(2, column, reason)]


def test_every_bad_row_is_named_with_its_line() -> None:
    found = read(
        "工号,周期,目标,关键结果",
        "E9,2026Q4,提升业绩,甲",
        "E0102,2026Q9,提升业绩,甲",
        "E0102,2020Q1,提升业绩,甲",
        "E0102,2026Q4,,甲",
        "E0102,2026Q4,提升业绩,乙",
        "E0102,2026Q4,提升业绩,乙",
    )

    assert [(p.line, p.column) for p in found.problems] == [
        (2, "工号"), (3, "周期"), (4, "周期"), (5, "目标"), (7, "关键结果"),
    ]  # fmt: skip
    assert [line.line for line in found.lines] == [6]


def test_shares_above_the_whole() -> None:
    found = read("工号,周期,目标,关键结果,权重", "E0102,2026Q4,业绩,甲,60%", "E0102,2026Q4,业绩,乙,60%")

    assert [(p.line, p.reason) for p in found.problems] == [(3, "「业绩」的权重加起来超过 100%")]


@pytest.mark.parametrize(
    "text", ["工号,周期,目标", "工号,周期,目标,关键结果", "工号,工号,周期,目标,关键结果\nE1,,,,"]
)
def test_what_is_no_table_of_goals(text: str) -> None:
    with pytest.raises(BadTable):
        read_goals(read_table(text.encode(), "目标.csv"), KNOWN)


def test_steps_and_stages_read_the_same_as_they_are_written() -> None:
    steps = (Milestone("定方案", done=True), Milestone("装修", Decimal(2), date(2026, 12, 20)))
    assert goal_cells.steps(goal_cells.steps_text(steps)) == steps
    stages = ((date(2026, 10, 31), Decimal("0.2")),)
    assert goal_cells.stages(goal_cells.stages_text(stages)) == stages
    for weight in ((Decimal(2), None), (Decimal(1), Decimal("0.3"))):
        assert goal_cells.weight(goal_cells.weight_text(*weight)) == weight
    with pytest.raises(WrongCell):
        goal_cells.steps("(完成)")
