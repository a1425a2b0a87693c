"""环比, 同比 and 同店: a unit's figure against the period before, the year before, and of shops that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.compared import Against, compared_card
from cards.notices import notice
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.ranking import SPANS, figure_words, metric_names, named_metric, named_span
from handlers.reading.leftovers import leftover
from handlers.route import Route
from okr import permissions
from okr.comparing import Period, alike, before, over, year_before
from okr.metrics import Window
from okr.people import Person
from okr.policy import MetricSpec
from okr.units import Units
from storage import comparisons, people, units

PERIODS = {
    "今天": Period.DAY,
    "昨天": Period.DAY,
    "本周": Period.WEEK,
    "上周": Period.WEEK,
    "本月": Period.MONTH,
    "上月": Period.MONTH,
    "本季": Period.QUARTER,
}
"""What the named days are a part of."""
_SAID = re.compile(r"^(?P<what>.{2,30}?)的?(?P<word>环比|同比|同店)(?:怎么样|咋样|多少|如何)?[?？!。呢]*$")


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit's figure over the days of a span, and against other times."""

    unit: str
    spec: MetricSpec
    span: str
    window: Window
    value: Decimal | None
    against: Sequence[Against]
    other: str = ""
    """A shop below the unit, to look at next."""


async def compare(asking: Asking) -> Answer:
    """环比 · 同比 销售额 本月 · 同店 销售额 华东区 上周"""
    one = await compared(asking)
    asked = next((word for word in ("同店", "同比") if word in asking.text), "环比")
    card = compared_card(
        one.unit,
        one.spec,
        one.span,
        one.window,
        one.value,
        one.against,
        asking.today,
        asked,
        other_place=one.other,
    )
    return shown(card, restricted=True)


async def compared(asking: Asking) -> Compared:
    """Raises Misunderstood where nothing is counted, or the unit's figures are not the asker's to see."""
    known = await units.known(asking.session)
    spec = named_metric(asking, asking.rest) or next(iter(asking.policy.metrics.values()), None)
    if spec is None:
        raise Misunderstood(notice("no_metrics"))
    if said := _unread(asking, known):
        raise Misunderstood(notice("compared_what", said=said[:20], names=metric_names(asking)))
    span, window = await named_span(asking, asking.rest, usual="本月")
    path = _place(asking, known, spec)
    if not _sees(asking, known, path):
        mine = known.key(known.home(asking.asker))
        raise Misunderstood(notice("figures_not_yours", unit=known.key(path), mine=mine), restricted=True)

    window, period = over(window, asking.today), PERIODS[span]
    value = await comparisons.figure(asking.session, spec, asking.policy.metrics, known, path, window)
    against = []
    for name, then in (("环比", before(window, period)), ("同比", year_before(window, period))):
        earlier = await comparisons.figure(asking.session, spec, asking.policy.metrics, known, path, then)
        against.append(Against(name, then, value, earlier))
    against += await _shops(asking, spec, known, path, window, period)
    return Compared(known.key(path), spec, span, window, value, against, await _other(asking, known, path))


def _unread(asking: Asking, known: Units) -> str:
    """What is neither a figure nor a time nor a unit."""
    units_named = [word for word in asking.rest.split() if len(known.find(word)) == 1]
    words = (*SPANS, *units_named, *figure_words(asking, asking.rest), *PERIODS, "环比", "同比", "同店")
    return leftover(asking.rest, words)


async def _other(asking: Asking, known: Units, path: str) -> str:
    """A shop below the unit to look at next, for who may see it."""
    below = shops_below(known, await people.everybody(asking.session), path)
    return next((known.key(shop) for shop in below if _sees(asking, known, shop)), "")


def _sees(asking: Asking, known: Units, path: str) -> bool:
    return permissions.may_see_figures(asking.asker, known.home(asking.asker), path, asking.policy)


async def sense(asking: Asking) -> Answer | None:
    """本月销售额同比怎么样: the same, with the word behind what is compared; of a figure that is counted."""
    said = _SAID.match(asking.text.strip())
    if said is None or named_metric(asking, said["what"]) is None:
        return None
    return await compare(asking.rested(said["what"]))


async def _shops(
    asking: Asking, spec: MetricSpec, known: Units, path: str, window: Window, period: Period
) -> list[Against]:
    """Shops below the unit that were open in both, for what adds up; of one shop alone there is nothing to say."""
    shops = shops_below(known, await people.everybody(asking.session), path)
    if spec.kind != "cumulative" or not shops:
        return []
    now = await comparisons.of_shops(asking.session, spec.key, known, shops, window)
    found: list[Against] = []
    for name, then in (("同店环比", before(window, period)), ("同店同比", year_before(window, period))):
        like = alike(now, await comparisons.of_shops(asking.session, spec.key, known, shops, then))
        if like.shops:
            found.append(Against(name, then, like.now, like.then, like.shops))
    return found


def shops_below(known: Units, everybody: Iterable[Person], path: str) -> list[str]:
    """The paths of the shops below a unit."""
    homes = {known.home(one) for one in everybody if one.store}
    return sorted(home for home in homes if home.startswith(f"{path}/"))


def _place(asking: Asking, known: Units, spec: MetricSpec) -> str:
    """The unit that is named; else one's own."""
    for word in asking.rest.replace(spec.name, " ").split():
        paths = known.find(word)
        if len(paths) == 1:
            return paths[0]
    return known.home(asking.asker)


ROUTES = (
    Route(
        words=("环比", "同比", "同店"),
        handle=compare,
        topic="看",
        does="一个数和上一段、去年同期比,同店的分开算",
        examples=("环比 销售额 本月", "同店 销售额 {unit} 本季"),
    ),
)
