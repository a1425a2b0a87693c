"""The funnels of bot.yaml: read for the rules, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.settings import Funnel, Settings, usual_funnels
from config.source import KeyPath
from okr.funnels import FunnelSpec
from okr.policy import MetricSpec


def funnels(said: Mapping[str, Funnel], metrics: Mapping[str, MetricSpec]) -> tuple[FunnelSpec, ...]:
    """In their order. One of the usual ones whose metrics the company does not count is left out."""
    return tuple(
        FunnelSpec(
            name,
            funnel.steps,
            funnel.called or tuple(metrics[step].name for step in funnel.steps),
            funnel.brings if funnel.brings in metrics else "",
            own=funnel.of == "person",
        )
        for name, funnel in said.items()
        if all(step in metrics for step in funnel.steps)
    )


def problems(settings: Settings) -> Iterator[tuple[KeyPath, str, str]]:
    """Steps that are not counted, or do not add up; names that are not as many as the steps."""
    adds_up = [key for key, metric in settings.metrics.items() if metric.kind == "cumulative"]
    allowed = f"metrics 里累计的键:{'、'.join(adds_up)}"
    usual = usual_funnels()
    for name, funnel in settings.funnels.items():
        if usual.get(name) == funnel:
            continue
        here: KeyPath = ("funnels", name)
        for step in funnel.steps:
            if step not in adds_up:
                yield (*here, "steps"), f"没有 {step} 这个累计的数据", allowed
        if funnel.brings and funnel.brings not in adds_up:
            yield (*here, "brings"), f"没有 {funnel.brings} 这个累计的数据", allowed
        if funnel.called and len(funnel.called) != len(funnel.steps):
            yield (
                (*here, "called"),
                f"{len(funnel.steps)} 步,写了 {len(funnel.called)} 个名字",
                "一步一个名字",
            )
    weekly = settings.ranking.weekly
    if weekly and weekly not in settings.metrics and weekly != type(settings.ranking)().weekly:
        yield (
            ("ranking", "weekly"),
            f"没有 {weekly} 这个数据",
            f"metrics 里的键:{'、'.join(settings.metrics)}",
        )
