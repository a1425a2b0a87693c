"""The templates of the house and of bot.yaml, and the mistakes that are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from config.completeness import problems
from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Basis, Kind, Measure
from okr.templates import GoalTemplate


def found(**values: Any) -> dict[str, GoalTemplate]:
    return {template.name: template for template in policy_of(Settings.model_validate(values)).templates}


def test_the_sales_template_brings_units_directions_and_data() -> None:
    visits, rate = found()["业绩增长"].lines

    assert visits.title == "客户拜访量"
    assert visits.measure == Measure(Kind.NUMBER, "次", Basis.QUARTER, start=Decimal(0), cumulative=True)
    assert (visits.rises, visits.metric, visits.metric_own) == (True, "visits", True)
    assert rate.title == "转化率"
    assert rate.measure == Measure(Kind.NUMBER, "%")
    assert (rate.rises, rate.metric) == (True, "deal_rate")


def test_what_the_company_does_not_count_is_reported_by_hand() -> None:
    only_sales = {"sales": {"name": "销售额", "unit": "元"}}

    assert [line.metric for line in found(metrics=only_sales)["业绩增长"].lines] == ["", ""]


def test_the_company_s_own_come_after_those_of_the_house_and_may_take_their_place() -> None:
    own = {
        "业绩增长": {"key_results": [{"title": "回款", "unit": "元", "start": 0, "target": 100000}]},
        "新品推广": {"enabled": False},
        "门店经营": {"when": {"grade": "M2"}},
        "降本": {"title": "省下来", "key_results": [{"title": "报损", "unit": "元", "direction": "down"}]},
    }

    made = found(templates=own)

    assert list(made) == ["业绩增长", "门店经营", "降本"]
    assert [line.title for line in made["业绩增长"].lines] == ["回款"]
    assert len(made["门店经营"].lines) == 3
    assert made["门店经营"].criteria.grade == {"M2"}
    assert made["降本"].title == "省下来"
    assert made["降本"].lines[0].rises is False


def test_the_data_tell_unit_and_period_where_the_template_does_not() -> None:
    own = {
        "降本": {
            "key_results": [{"title": "卖货", "metric": "sales"}, {"title": "成交", "metric": "conversion"}]
        }
    }

    sales, conversion = found(templates=own)["降本"].lines

    assert sales.measure == Measure(Kind.NUMBER, "元", Basis.QUARTER, start=Decimal(0), cumulative=True)
    assert conversion.measure == Measure(Kind.NUMBER, "%")


@pytest.mark.parametrize(
    ("own", "path"),
    [
        ({"降本": {}}, ("降本", "key_results")),
        ({"降 本": {"key_results": [{"title": "报损"}]}}, ("降 本",)),
        ({"降本增效提质扩面创新发展共赢": {"key_results": [{"title": "报损"}]}}, ("降本增效提质扩面创新发展共赢",)),
        ({"降本": {"key_results": [{"title": "报损", "metric": "waste"}]}}, ("降本", "key_results", 0, "metric")),
        ({"降本": {"key_results": [{"title": "报损"}, {"title": "报损"}]}}, ("降本", "key_results", 1, "title")),
        ({"降本": {"key_results": [{"title": "报损", "start": 1, "target": 1}]}}, ("降本", "key_results", 0, "target")),
        ({"降本": {"key_results": [{"title": "报损", "start": 9, "target": 1}]}}, ("降本", "key_results", 0, "direction")),
        ({"降本": {"key_results": [{"title": "报损", "kind": "maintain"}]}}, ("降本", "key_results", 0, "kind")),
    ],
)  # fmt: skip
def test_mistakes_are_told_by_their_place(own: dict[str, Any], path: tuple[Any, ...]) -> None:
    settings = Settings.model_validate({"templates": own})

    assert [problem[0] for problem in problems(settings)] == [("templates", *path)]
