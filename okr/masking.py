"""Which numbers are amounts that not everybody may see, and how they are covered (docs/rules/permissions.md).

Whatever comes out of storage with an amount is sealed; it is opened for who may see it, and for nobody else. So what
forgets to ask says the percent.
"""

from __future__ import annotations

import re
from dataclasses import replace

from okr.objectives import KeyResult, Kind, Measure, Objective

_MONEY = re.compile(r"[元块¥￥$€£]|人民币|美金|欧元|港币|rmb|cny|usd", re.IGNORECASE)
_SCALE = frozenset({"万", "亿", "千", "百万", "千万", "k", "w"})
"""Units that say only how many noughts are left out."""
_TURNOVER = re.compile(
    "销售|营业额|营收|收入|业绩|流水|毛利|净利|利润|回款|成本|费用|预算|工资|薪|奖金|客单|GMV|坪效|人效",
    re.IGNORECASE,
)
"""What is counted in money, where the unit does not say so."""
_UNCOUNTED = frozenset({Kind.BOOLEAN, Kind.MILESTONE})
_FIGURES = re.compile(r"\d|[零一二三四五六七八九十百千两]+[万亿千百块元]")


def is_amount(measure: Measure, title: str, *, metric: str = "", metric_own: bool = False) -> bool:
    """Whether its numbers are money, or a store's own figures: those that a data source feeds for a whole unit.

    Money goes by the unit; by the title only where there is no unit, or one that says noughts.
    """
    if measure.kind in _UNCOUNTED:
        return False
    unit = measure.unit.strip()
    if metric and not metric_own:
        return True
    if _MONEY.search(unit) or any(_MONEY.search(rung) for rung in measure.rungs or ()):
        return True
    return (not unit or unit.lower() in _SCALE) and _TURNOVER.search(title) is not None


def opened(objective: Objective) -> Objective:
    """The same objective for who may see its amounts."""
    return _all(objective, sealed=False)


def covered(objective: Objective) -> Objective:
    """The same objective for who may not."""
    return _all(objective, sealed=True)


def opened_measure(measure: Measure) -> Measure:
    return replace(measure, sealed=False) if measure.sealed else measure


def is_sealed(objective: Objective) -> bool:
    """Whether any of its amounts is covered."""
    return any(kr.measure.sealed for kr in objective.key_results)


def names_figures(text: str) -> bool:
    """Whether somebody's words hold a number: what was written about an amount may name it."""
    return _FIGURES.search(text) is not None


def _all(objective: Objective, *, sealed: bool) -> Objective:
    fit = tuple(_one(kr, sealed=sealed) for kr in objective.key_results)
    if all(kr is was for kr, was in zip(fit, objective.key_results, strict=True)):
        return objective
    return replace(objective, key_results=fit)


def _one(kr: KeyResult, *, sealed: bool) -> KeyResult:
    wanted = sealed and is_amount(kr.measure, kr.title, metric=kr.metric, metric_own=kr.metric_own)
    if kr.measure.sealed is wanted:
        return kr
    return replace(kr, measure=replace(kr.measure, sealed=wanted))
