"""Figures of groups: each computed from its members, by two things at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from okr.crossing import Apart, Crossed, of_groups
from okr.metrics import Window
from okr.policy import MetricSpec

D = Decimal
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))
SALES = MetricSpec("sales", "销售额", "cumulative", "元")
BASKET = MetricSpec("basket", "客单价", "ratio", "元", numerator="sales", denominator="orders")
GROUPS = {"a": ("东", "大"), "b": ("东", "大"), "c": ("东", "小"), "d": ("西", "小")}


def test_what_adds_up_is_told_by_the_member_and_a_ratio_is_divided_once() -> None:
    sales = {"a": D(100), "b": D(300), "c": D(50), "e": D(7)}
    orders = {"a": D(1), "b": D(9), "c": D(5)}

    assert of_groups(SALES, [sales], GROUPS, NOVEMBER)[0] == {("东", "大"): D(200), ("东", "小"): D(50)}
    assert of_groups(BASKET, [sales, orders], GROUPS, NOVEMBER)[0] == {
        ("东", "大"): D(40), ("东", "小"): D(10),
    }  # fmt: skip


def test_groups_of_few_are_known_to_be_few_and_nothing_is_told_of_them() -> None:
    sales = {"a": D(100), "b": D(300), "c": D(50)}

    values, few = of_groups(SALES, [sales], GROUPS, NOVEMBER, fewest=2)

    assert values == {("东", "大"): D(200)}
    assert few == {("东", "小")}


def crossed(**table: list[Decimal | None]) -> Crossed:
    return Crossed("销售额", "区域,门店类型", "本月", "元", ("大", "小"), table, "", "")


def test_the_widest_column_is_the_one_whose_rows_are_farthest_apart() -> None:
    one = crossed(东=[D(100), D(50)], 西=[D(120), D(20)], 北=[D(110), None])

    assert one.highest == ("西", "大", D(120))
    assert one.widest == Apart("小", "东", "西", D("1.5"))
    assert one.count == 5
    assert crossed(东=[D(100), D(50)]).widest is None
    assert crossed(东=[D(0), None], 西=[D(5), None]).widest is None, "there is nothing to be a part of"
