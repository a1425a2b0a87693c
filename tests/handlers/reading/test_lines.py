from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.lines import read_objective
from okr.objectives import Basis, Kind
from okr.policy import MetricSpec

TODAY = date(2026, 11, 24)
METRICS = {"sales": MetricSpec("sales", "销售额", "cumulative", "元")}

WHOLE = """提升门店季度业绩
KR 生鲜区客流量 日均 从 1000 到 1100 人
KR 损耗率 从 8% 到 5% 权重 2
KR 上线会员日
KR 客诉率 保持 ≤2%
KR 销售额 本季累计 从 0 到 100万 元 数据 sales 本人
对齐 KR7"""


def test_an_objective_on_several_lines() -> None:
    draft = read_objective(WHOLE, TODAY, METRICS)

    visitors, loss, launch, complaints, sales = draft.key_results
    assert (draft.title, draft.align, draft.problems) == ("提升门店季度业绩", "KR7", ())
    assert (visitors.title, visitors.measure.basis) == ("生鲜区客流量", Basis.DAILY)
    assert (loss.weight, loss.measure.start, loss.measure.target) == (Decimal(2), Decimal(8), Decimal(5))
    assert launch.measure.kind is Kind.BOOLEAN
    assert (complaints.measure.kind, complaints.measure.high) == (Kind.MAINTAIN, Decimal(2))
    assert (sales.metric, sales.metric_own, sales.measure.target) == ("sales", True, Decimal(1000000))


@pytest.mark.parametrize(
    ("text", "title", "key_results", "align"),
    [
        ("提升业绩", "提升业绩", [], None),
        ("新建目标 提升业绩", "提升业绩", [], None),
        ("提升业绩 KR 客流 从 1 到 2 人 KR 会员日 对齐 KR7", "提升业绩", ["客流", "会员日"], "KR7"),
        ("提升业绩;KR1:客流 从 1 到 2 人;KR2:上线会员日", "提升业绩", ["客流", "上线会员日"], None),
        ("Ｏ：提升业绩\nｋｒ１、客流从1到2人\n支撑 kr 7", "提升业绩", ["客流"], "KR7"),
        ("提升业绩\n1、客流从1到2人\n2. 上线会员日", "提升业绩", ["客流", "上线会员日"], None),
        ("提升业绩\n- 上线会员日\n• 损耗率 从8%到5%", "提升业绩", ["上线会员日", "损耗率"], None),
        ("提升业绩\n损耗率 从8%到5%", "提升业绩", ["损耗率"], None),
        ("提升业绩\n对齐 O12", "提升业绩", [], "O12"),
        ("提升OKR 意识", "提升OKR 意识", [], None),
    ],
)
def test_other_ways_to_write_one(text: str, title: str, key_results: list[str], align: str | None) -> None:
    draft = read_objective(text, TODAY, METRICS)

    assert draft.title == title
    assert [key_result.title for key_result in draft.key_results] == key_results
    assert draft.align == align
    assert draft.problems == ()


def test_the_period_may_be_named() -> None:
    draft = read_objective("提升业绩\n周期 2026q4\nKR 会员日", TODAY, METRICS)

    assert (draft.title, draft.cycle, len(draft.key_results)) == ("提升业绩", "2026Q4", 1)


def test_a_draft_without_title() -> None:
    draft = read_objective("KR 会员日", TODAY, METRICS)

    assert (draft.title, draft.problems, len(draft.key_results)) == ("", ("title_missing",), 1)
    assert read_objective("", TODAY, METRICS).problems == ("title_missing",)


def test_a_line_that_nothing_was_made_of_is_told() -> None:
    draft = read_objective("提升业绩\n大家加油", TODAY, METRICS)

    assert (draft.unread, draft.problems, draft.key_results) == (("大家加油",), ("unread_line",), ())


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    read_objective(text, TODAY, METRICS)
