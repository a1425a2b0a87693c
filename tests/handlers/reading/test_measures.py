from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.reading.measures import read_measure
from okr.objectives import Kind, Measure, Milestone

TODAY = date(2026, 11, 24)


def number(start: str | None, target: str | None, unit: str = "") -> Measure:
    return Measure(
        Kind.NUMBER, unit, start=Decimal(start) if start else None, target=Decimal(target) if target else None
    )


def band(low: str | None, high: str | None, unit: str = "") -> Measure:
    return Measure(
        Kind.MAINTAIN, unit, low=Decimal(low) if low else None, high=Decimal(high) if high else None
    )


@pytest.mark.parametrize(
    ("line", "title", "measure"),
    [
        ("客流 从 1000 到 1100 人", "客流", number("1000", "1100", "人")),
        ("客流从1,000人到1,100人", "客流", number("1000", "1100", "人")),
        ("客流 从1000提升到1100人", "客流", number("1000", "1100", "人")),
        ("客流 由1000升至1100", "客流", number("1000", "1100")),
        ("客流1000到1100人", "客流", number("1000", "1100", "人")),
        ("客流 1000→1100", "客流", number("1000", "1100")),
        ("客流 1000人->1100人", "客流", number("1000", "1100", "人")),
        ("从 1000 到 1100 人 客流", "客流", number("1000", "1100", "人")),
        ("损耗率 从 8% 到 5%", "损耗率", number("8", "5", "%")),
        ("损耗率 从8到5%", "损耗率", number("8", "5", "%")),
        ("损耗率 从百分之八降到百分之五", "损耗率", number("8", "5", "%")),
        ("损耗率 从 8 到 5", "损耗率", number("8", "5")),
        ("销售额 从 0 到 100万 元", "销售额", number("0", "1000000", "元")),
        ("销售额 从 一万二 到 1.5万 元", "销售额", number("12000", "15000", "元")),
        ("温度 从 -5 到 -18 度", "温度", number("-5", "-18", "度")),
        ("损耗率降到5%", "损耗率", number(None, "5", "%")),
        ("销售额达到100万元", "销售额", number(None, "1000000", "元")),
        ("客单价 目标 48 元", "客单价", number(None, "48", "元")),
        ("会员数 新增500人", "会员数 新增", number(None, "500", "人")),
        ("新开门店3家", "新开门店", number(None, "3", "家")),
        ("损耗率 从8%降低3个点", "损耗率", number("8", "5", "%")),
        ("客流量 从1000人提升100人", "客流量", number("1000", "1100", "人")),
        ("客流量 从1000提升10%", "客流量", number("1000", "1100")),
        ("客诉率 保持 ≤2%", "客诉率", band(None, "2", "%")),
        ("客诉率 ＜=2%", "客诉率", band(None, "2", "%")),
        ("满意度 ≥95%", "满意度", band("95", None, "%")),
        ("到货率 不低于95%", "到货率", band("95", None, "%")),
        ("投诉 不超过3单", "投诉", band(None, "3", "单")),
        ("响应时间 控制在30分钟以内", "响应时间", band(None, "30", "分钟")),
        ("满意度 95%以上", "满意度", band("95", None, "%")),
        ("周转 保持在 3-5 之间", "周转", band("3", "5")),
        ("周转 保持在3到5次之间", "周转", band("3", "5", "次")),
        ("客诉率 保持2%", "客诉率", band(None, None, "%")),
        ("上线会员日", "上线会员日", Measure(Kind.BOOLEAN)),
        ("完成3场培训", "完成3场培训", Measure(Kind.BOOLEAN)),
        ("12月5日前上线会员日", "12月5日前上线会员日", Measure(Kind.BOOLEAN)),
        ("摸清客诉率基线", "摸清客诉率基线", Measure(Kind.BASELINE)),
        (
            "会员体系 保底 上线 目标 500人 挑战 1000人",
            "会员体系",
            Measure(Kind.ORDINAL, rungs=("上线", "500人", "1000人")),
        ),
        (
            "门店装修 里程碑 选址 12月1日; 装修 12月15日; 开业",
            "门店装修",
            Measure(
                Kind.MILESTONE,
                milestones=(
                    Milestone("选址", due=date(2026, 12, 1)),
                    Milestone("装修", due=date(2026, 12, 15)),
                    Milestone("开业"),
                ),
            ),
        ),
        (
            "里程碑 选址 12月1日 30%;开业 70%",
            "选址→开业",
            Measure(
                Kind.MILESTONE,
                milestones=(
                    Milestone("选址", Decimal("0.3"), date(2026, 12, 1)),
                    Milestone("开业", Decimal("0.7")),
                ),
            ),
        ),
    ],
)
def test_a_measure_and_its_title(line: str, title: str, measure: Measure) -> None:
    phrase = read_measure(line.replace("＜", "<"), TODAY)

    assert (phrase.title, phrase.measure) == (title, measure)


@pytest.mark.parametrize(
    ("line", "title", "start", "by"),
    [
        ("提升生鲜区客流量10%", "提升生鲜区客流量10%", None, "10"),
        ("客流量提升10%", "客流量提升10%", None, "10"),
        ("降低损耗率5%", "降低损耗率5%", None, "-5"),
        ("损耗率 从8%降低3%", "损耗率降低3%", "8", "-3"),
    ],
)
def test_a_difference_is_kept_and_no_target_made_up(
    line: str, title: str, start: str | None, by: str
) -> None:
    phrase = read_measure(line, TODAY)

    assert phrase.title == title
    assert phrase.measure.start == (Decimal(start) if start else None)
    assert phrase.measure.target is None
    assert phrase.change is not None
    assert phrase.change.value == Decimal(by)


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        ("降低损耗率5%", True),
        ("损耗率 从8%降低3%", True),
        ("损耗率 从8%降低3个点", False),
        ("提升生鲜区客流量10%", False),
        ("客流量 从1000提升10%", False),
    ],
)
def test_points_or_percent_is_asked_of_rates_only(line: str, is_asked: bool) -> None:
    assert ("relative_or_points" in read_measure(line, TODAY).doubts) is is_asked


def test_words_after_the_measure_are_kept_apart() -> None:
    assert read_measure("销售额 从 1 到 2 元 靠新品", TODAY).unread == "靠新品"
