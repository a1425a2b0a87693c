"""The company's goal templates: those of the house, and what bot.yaml says of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from config.rules import When
from config.section import Section
from config.source import KeyPath
from okr.objectives import Basis, Commitment, Kind, Measure
from okr.policy import MetricSpec
from okr.templates import GoalTemplate, TemplateLine

LONGEST_NAME = 12
"""Characters: the name has to fit into a button together with whom it is for."""
PERCENT = "%"
Title = Annotated[str, Field(min_length=1, max_length=40)]


class TemplateKeyResult(Section):
    title: Title
    """叫什么,比如 客户拜访量"""
    kind: Literal["number", "maintain", "boolean"] = "number"
    """number 从几到几,maintain 保持在范围里(写 low、high),boolean 做没做成"""
    unit: str = Field(default="", max_length=8)
    """单位;不写就用数据的单位"""
    direction: Literal["up", "down"] = "up"
    """up 越高越好,down 越低越好"""
    basis: Literal["", "日均", "周均", "本月累计", "本季累计", "最新值"] = ""
    """口径;不写:累计的数据是本季累计,别的是最新值"""
    start: Decimal | None = None
    """起始值;不写就问本人(累计的从 0 起)"""
    target: Decimal | None = None
    """目标值;不写就问本人"""
    low: Decimal | None = None
    """保持在多少以上"""
    high: Decimal | None = None
    """保持在多少以下"""
    weight: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(1)
    """权重"""
    metric: str = ""
    """接哪个数据(metrics 里的键),不写就自己报"""
    own: bool = False
    """接的是本人的数,不是门店的"""
    commitment: Literal["承诺", "挑战"] = "承诺"
    """承诺要全做到,挑战做到七成就算好"""


class Template(Section):
    enabled: bool = True
    """用不用;内置的不想要就写 false"""
    title: str = Field(default="", max_length=60)
    """目标的标题,不写就是模板的名字"""
    when: When = When()
    """给谁用,不写就是所有人"""
    key_results: tuple[TemplateKeyResult, ...] = Field(default=(), max_length=10)
    """几个关键结果"""


def _line(title: str, **values: object) -> TemplateKeyResult:
    return TemplateKeyResult.model_validate({"title": title, **values})


BUILT_IN: Mapping[str, Template] = {
    "业绩增长": Template(
        key_results=(
            _line("客户拜访量", unit="次", basis="本季累计", metric="visits", own=True),
            _line("转化率", unit=PERCENT, metric="deal_rate", own=True),
        )
    ),
    "门店经营": Template(
        title="把门店经营得更好",
        key_results=(
            _line("销售额", unit="元", basis="本季累计", metric="sales", weight=2),
            _line("日均客流量", unit="人", basis="日均"),
            _line("损耗率", unit=PERCENT, direction="down"),
        ),
    ),
    "新品推广": Template(
        title="让新品卖起来",
        key_results=(
            _line("新品销售额", unit="元", basis="本季累计"),
            _line("新品复购率", unit=PERCENT),
        ),
    ),
}
"""Offered by every company that does not say otherwise."""


def all_of(own: Mapping[str, Template]) -> dict[str, Template]:
    """Those of the house and the company's; one of the company's with the same name takes its place."""
    return {
        name: template if template.key_results or name not in BUILT_IN else _kept(template, BUILT_IN[name])
        for name, template in {**BUILT_IN, **own}.items()
        if template.enabled
    }


def _kept(template: Template, built_in: Template) -> Template:
    """`业绩增长: {when: …}` narrows a template of the house and keeps its key results."""
    return template.model_copy(
        update={"key_results": built_in.key_results, "title": template.title or built_in.title}
    )


def templates(own: Mapping[str, Template], metrics: Mapping[str, MetricSpec]) -> tuple[GoalTemplate, ...]:
    return tuple(
        GoalTemplate(
            name,
            template.title or name,
            tuple(_made(line, metrics) for line in template.key_results),
            template.when.criteria(),
        )
        for name, template in all_of(own).items()
    )


def _made(line: TemplateKeyResult, metrics: Mapping[str, MetricSpec]) -> TemplateLine:
    """A template of the house binds only to data that the company has."""
    metric = metrics.get(line.metric)
    is_ratio = metric is not None and metric.kind == "ratio"
    is_cumulative = metric is not None and metric.kind == "cumulative"
    basis = Basis(line.basis) if line.basis else Basis.QUARTER if is_cumulative else Basis.LATEST
    sums = basis in (Basis.MONTH, Basis.QUARTER)
    kind = Kind(line.kind)
    is_number = kind is Kind.NUMBER
    return TemplateLine(
        title=line.title,
        measure=Measure(
            kind,
            line.unit or (metric.unit if metric else "") or (PERCENT if is_ratio else ""),
            basis if kind is not Kind.BOOLEAN else Basis.LATEST,
            start=(Decimal(0) if sums and line.start is None else line.start) if is_number else None,
            target=line.target if is_number else None,
            low=line.low,
            high=line.high,
            cumulative=sums and is_number,
        ),
        rises=line.direction == "up" if is_number else None,
        weight=line.weight,
        metric=line.metric if metric else "",
        metric_own=line.own,
        commitment=Commitment(line.commitment),
    )


Problem = tuple[KeyPath, str, str]


def problems(own: Mapping[str, Template], metrics: Mapping[str, object]) -> Iterator[Problem]:
    """What the templates of a file lack: their paths below `templates`, what was found, what is allowed."""
    for name, template in own.items():
        if any(mark.isspace() for mark in name) or not 0 < len(name) <= LONGEST_NAME:
            yield (name,), "名字不行", f"{LONGEST_NAME} 个字以内,中间没有空格"
        if template.enabled and not template.key_results and name not in BUILT_IN:
            yield (name, "key_results"), "没有写", "至少一个关键结果"
        titles: set[str] = set()
        for place, line in enumerate(template.key_results):
            here: KeyPath = (name, "key_results", place)
            if line.title in titles:
                yield (*here, "title"), f"{line.title} 写了两遍", "每个关键结果一个名字"
            titles.add(line.title)
            yield from (((*here, key), found, allowed) for key, found, allowed in _ends(line, metrics))


def _ends(line: TemplateKeyResult, metrics: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    if line.metric and line.metric not in metrics:
        yield "metric", f"没有 {line.metric} 这个数据", f"metrics 里的键:{'、'.join(metrics)}"
    if line.kind == "maintain" and line.low is None and line.high is None:
        yield "kind", "没有写保持在哪里", "low、high 至少写一个"
    if line.kind != "number" or line.start is None or line.target is None:
        return
    if line.start == line.target:
        yield "target", "和起始值一样", "和 start 不同的数"
    elif (line.target > line.start) != (line.direction == "up"):
        yield "direction", "和起始值、目标值的走向相反", "up 或 down"
