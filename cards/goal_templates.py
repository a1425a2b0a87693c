"""目标模板: what the company offers, and what one of them brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cards.sayings import say_goal
from cards.templating import render
from chat.card import Card
from okr.numbers import say_number
from okr.objectives import Basis, Commitment, Kind, Measure
from okr.policy import MetricSpec
from okr.templates import GoalTemplate, TemplateLine

SHOWN = 6


def templates_card(templates: Sequence[GoalTemplate]) -> Card:
    """All that are meant for who asks."""
    return render(
        "goal_templates",
        count=len(templates),
        templates=[
            {"name": template.name, "parts": " · ".join(_short(line) for line in template.lines)}
            for template in templates[:SHOWN]
        ],
        more=max(0, len(templates) - SHOWN),
        first=templates[0].name,
    )


def template_card(template: GoalTemplate, metrics: Mapping[str, MetricSpec]) -> Card:
    """One of them, key result by key result."""
    return render(
        "goal_template",
        name=template.name,
        title=template.title,
        count=len(template.lines),
        lines=[_line(line, metrics) for line in template.lines[:SHOWN]],
        more=max(0, len(template.lines) - SHOWN),
        open=[line.title for line in template.lines if _is_open(line)],
        example=template.lines[0].title,
    )


def _short(line: TemplateLine) -> str:
    unit = f"({line.measure.unit})" if line.measure.unit else ""
    return f"{line.title}{unit}{arrow(line)}"


def arrow(line: TemplateLine) -> str:
    """Which way is better."""
    return "" if line.rises is None else "↑" if line.rises else "↓"


def _is_open(line: TemplateLine) -> bool:
    return line.measure.kind is Kind.NUMBER and line.measure.target is None


def _line(line: TemplateLine, metrics: Mapping[str, MetricSpec]) -> dict[str, Any]:
    measure = line.measure
    metric = metrics.get(line.metric)
    said = [
        measure.unit if _is_open(line) else "",
        str(measure.basis) if measure.basis is not Basis.LATEST and measure.basis not in line.title else "",
        _goal(measure) if _is_open(line) else say_goal(measure),
        str(line.commitment) if line.commitment is Commitment.STRETCH else "",
    ]
    return {
        "title": line.title,
        "arrow": arrow(line),
        "about": " · ".join(part for part in said if part),
        "data": f"接{'本人的' if line.metric_own else ''}「{metric.name}」数据" if metric else "自己报数",
    }


def _goal(measure: Measure) -> str:
    """What is known of it already."""
    return "" if measure.start is None else f"从 {say_number(measure.start)} 起"
