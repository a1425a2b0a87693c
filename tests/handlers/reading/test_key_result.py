from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.key_result import read_key_result
from okr.objectives import Basis, Kind
from okr.policy import MetricSpec

TODAY = date(2026, 11, 24)
METRICS = {
    "sales": MetricSpec("sales", "销售额", "cumulative", "元"),
    "stock": MetricSpec("stock", "库存", "snapshot", "件"),
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "KR 生鲜区客流量 日均 从 1000 到 1100 人",
            {"title": "生鲜区客流量", "basis_given": True, "doubts": ()},
        ),
        ("KR1：生鲜区客流量 从 1000 到 1100 人", {"title": "生鲜区客流量", "doubts": ("basis_assumed",)}),
        ("1. 客流 从 1000 到 1100 人", {"title": "客流"}),
        ("KR2损耗率 从 8% 到 5%", {"title": "损耗率"}),
        ("KR 12月前开业", {"title": "12月前开业"}),
        ("客流日均从1000到1100人", {"title": "客流", "basis_given": True}),
        ("- 上线会员日", {"title": "上线会员日"}),
        ("KR 损耗率 从 8% 到 5% 权重 2", {"title": "损耗率", "weight": Decimal(2), "share": None}),
        ("损耗率 从 8% 到 5%，权重30%", {"weight": None, "share": Decimal("0.3")}),
        ("损耗率 从 8% 到 5% (权重：百分之三十)", {"title": "损耗率", "share": Decimal("0.3")}),
        ("损耗率 从 8% 到 5% 权重 0", {"weight": None, "problems": ("bad_weight",)}),
        ("损耗率 从 8% 到 5% 权重 -1", {"weight": None, "problems": ("bad_weight",)}),
        ("销售额 从 0 到 100万 元 数据 sales", {"metric": "sales", "metric_own": False}),
        ("销售额 从 0 到 100万 元 数据 SALES 本人", {"metric": "sales", "metric_own": True}),
        ("营收 从 0 到 100万 元 数据 销售额 权重 2", {"metric": "sales", "weight": Decimal(2)}),
        ("销售额 数据 nope 从 0 到 5 元", {"title": "销售额", "metric": "", "problems": ("unknown_metric",)}),
        ("数据 准确率 从 90% 到 95%", {"title": "数据 准确率", "metric": "", "problems": ()}),
        ("上线会员日 截止 12月20日", {"title": "上线会员日", "due": date(2026, 12, 20)}),
        ("上线会员日 12月20日前完成", {"title": "上线会员日", "due": date(2026, 12, 20)}),
        (
            "上线会员日 截止到下周五 权重 2",
            {"title": "上线会员日", "due": date(2026, 12, 4), "weight": Decimal(2)},
        ),
        ("上线会员日 截止 2月30日", {"due": None, "problems": ("bad_date",)}),
        ("日均客单价 从 42 到 48 元", {"title": "日均客单价", "basis_given": True}),
        ("损耗率 从 8 到 5", {"doubts": ("basis_assumed", "percent_or_points", "unit_missing")}),
        ("损耗率 从 0.08 到 0.05", {"doubts": ("basis_assumed", "percent_scale", "unit_missing")}),
        ("损耗率降到5%", {"doubts": ("basis_assumed", "baseline_missing")}),
        ("客诉率 保持2%", {"doubts": ("target_missing",)}),
        ("上线会员日", {"doubts": (), "weight": None, "share": None, "due": None}),
        ("KR", {"title": ""}),
    ],
)
def test_what_a_line_says(line: str, expected: dict[str, Any]) -> None:
    draft = read_key_result(line, TODAY, METRICS)

    assert {name: getattr(draft, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "basis", "cumulative"),
    [
        ("客流 日均 从 1 到 2 人", Basis.DAILY, False),
        ("客流 周均 从 1 到 2 人", Basis.WEEKLY, False),
        ("客流 从 1 到 2 人 本月累计", Basis.MONTH, True),
        ("销售额 本季累计 从 0 到 100万 元", Basis.QUARTER, True),
        ("客流(日均) 从 1 到 2 人", Basis.DAILY, False),
        ("客流 从 1 到 2 人", Basis.LATEST, False),
        ("销售额 从 0 到 2 数据 sales", Basis.QUARTER, True),
        ("销售额 日均 从 0 到 2 数据 sales", Basis.DAILY, False),
        ("库存 从 9 到 2 数据 stock", Basis.LATEST, False),
    ],
)
def test_the_period_a_number_speaks_of(line: str, basis: Basis, cumulative: bool) -> None:
    measure = read_key_result(line, TODAY, METRICS).measure

    assert (measure.basis, measure.cumulative) == (basis, cumulative)


def test_a_fed_key_result_has_the_unit_of_its_metric() -> None:
    assert read_key_result("库存 从 9 到 2 数据 stock", TODAY, METRICS).measure.unit == "件"
    assert read_key_result("库存 从 9 到 2 箱 数据 stock", TODAY, METRICS).measure.unit == "箱"


def test_a_very_long_line_is_read_as_far_as_it_goes() -> None:
    draft = read_key_result("客流 从 1 到 2 人 " + "好" * 5000, TODAY, METRICS)

    assert (draft.title, draft.measure.kind) == ("客流", Kind.NUMBER)
    assert len(draft.unread) > 4000


@given(
    st.text(
        alphabet="从到提升降低保持在≤≥不超过里程碑保底目标挑战权重数据截止KR0123456789.%万元人 ;:,日月前\n"
    )
)
def test_reading_never_raises(line: str) -> None:
    read_key_result(line, TODAY, METRICS)
