"""日目标: what each day has to bring; 停业 and 开业: on which days a unit does not open."""

from __future__ import annotations

import re
from datetime import date, timedelta

from cards.day_targets import Day, day_line, day_target_card, day_targets_card
from cards.notices import notice, question
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.away import read_days
from handlers.data_scales import scales_of
from handlers.route import Role, Route
from okr import permissions
from okr.moments import say_date
from okr.objectives import KeyResult, Objective
from okr.people import Person, is_at_or_below
from okr.refusals import NotForYou
from okr.units import Units
from storage import closed_days, day_curves, people, units
from storage.fed import Scales

LONGEST = 92
"""Days at once."""
HALF_A_YEAR = timedelta(days=183)
_YEAR = re.compile(r"\d{4}")
_CLOSING = re.compile(r"^(?P<word>停业|开业)\s+(?P<rest>\S.*)$")
_DAY = re.compile(r"(?P<unit>.*?)\s*(?P<days>(?:\d|今|明|后|周|星期|下周|[一二三四五六七八九十]{1,3}月).*)$")


async def day_targets(asking: Asking) -> Answer:
    """日目标 · 日目标 KR34"""
    days = await meant_days(asking)
    if (asking.rest or asking.about) and not days[0].kr.measure.sealed:
        return shown(day_target_card(days[0]))
    days = await meant_days(asking.in_private())
    return shown(day_target_card(days[0]) if len(days) == 1 else day_targets_card(days), restricted=True)


async def meant_days(asking: Asking) -> list[Day]:
    """Today of the key result that is named, else of all of one's own. Raises Misunderstood where days bring nothing."""
    if not (asking.rest or asking.about):
        days = await own_days(asking)
        if not days:
            raise Misunderstood(notice("no_day_target", ref="", metric=_metric(asking)))
        return days
    (objective, kr), _ = await goals.meant(asking, "日目标", goals.IN_FORCE)
    owner = await goals.owner_of(asking, objective)
    found = await day_of(asking, objective, kr, owner, await scales_of(asking))
    if found is None:
        raise Misunderstood(notice("no_day_target", about=kr.ref, ref=kr.ref, metric=_metric(asking)))
    return [found]


def _metric(asking: Asking) -> str:
    """A metric that adds up, for an example that works."""
    return next((spec.key for spec in asking.policy.metrics.values() if spec.kind == "cumulative"), "销售额")


async def own_days(asking: Asking) -> list[Day]:
    """Today of the asker's own goals in force that data feed day by day."""
    scales: Scales | None = None
    found: list[Day] = []
    for objective in await goals.running(asking):
        for kr in objective.counting:
            if not kr.metric:
                continue
            scales = scales or await scales_of(asking)
            day = await day_of(asking, objective, kr, asking.asker, scales)
            found += [day] if day else []
    return found


async def day_of(
    asking: Asking, objective: Objective, kr: KeyResult, owner: Person, scales: Scales
) -> Day | None:
    way = await day_curves.way_of(asking.session, objective, kr, owner, scales, asking.today)
    if way is None:
        return None
    usual = await day_curves.usual_of(asking.session, kr, owner, scales, asking.today)
    return Day(
        kr,
        way.target(kr, asking.today),
        way.brought,
        way.curve,
        way.week(kr, asking.today),
        usual=usual,
    )


async def line_of(asking: Asking, objective: Objective, kr: KeyResult, owner: Person) -> str:
    """What today has to bring, for the card of a key result; empty where it is not one of days."""
    if not kr.metric:
        return ""
    scales = await scales_of(asking)
    found = await day_curves.target_of(asking.session, objective, kr, owner, scales, asking.today)
    return day_line(kr, *found) if found else ""


async def close(asking: Asking) -> Answer:
    """停业 12月1日-12月3日 · 停业 西湖店 周日"""
    return await _set(asking, "停业")


async def reopen(asking: Asking) -> Answer:
    """开业 12月1日"""
    return await _set(asking, "开业")


async def closing_in_words(asking: Asking) -> Answer | None:
    """停业 西湖店 周日; None for a sentence that only begins so: 停业的两周没算."""
    match = _CLOSING.match(asking.text)
    if match is None or (days := _DAY.match(match["rest"])) is None:
        return None
    if read_days(days["days"], asking.today) is None:
        return None
    return await _set(asking.rested(match["rest"]), match["word"])


async def _set(asking: Asking, word: str) -> Answer:
    known = await units.known(asking.session)
    path, days, said = await _what(asking, known, word)
    await _require_head(asking, path, known)
    key = known.key(path)
    if word == "停业":
        await closed_days.close(asking.session, key, days, asking.asker.id, asking.now)
    else:
        await closed_days.reopen(asking.session, key, days)
    scales = await scales_of(asking)
    inside = [one for one in known.paths if one == path or one.startswith(f"{path}/")]
    moved = [found for one in inside for found in await day_curves.of_unit(asking.session, one, scales)]
    for objective_id in moved:
        await day_curves.settle(asking.session, objective_id, scales)
    first, last = (say_date(day, asking.today) for day in (days[0], days[-1]))
    return shown(
        notice(
            "closed_days",
            unit=key,
            days=first if first == last else f"{first}到{last}",
            said=said,
            opened=word == "开业",
            moved="、".join(f"O{one}" for one in moved[:4]),
        )
    )


async def _what(asking: Asking, known: Units, word: str) -> tuple[str, list[date], str]:
    """The unit and the days that are named; else one's own."""
    home = known.home(asking.asker)
    match = _DAY.match(asking.rest)
    span = _nearest(match["days"], asking.today) if match else None
    name = match["unit"].strip() if match else ""
    found = known.find(name) if name else [home]
    if name and len(found) != 1:
        raise Misunderstood(notice("no_such_unit", said=name[:20], mine=known.key(home), several=found[:3]))
    if span is None or match is None or not 0 <= (span[1] - span[0]).days < LONGEST:
        raise Misunderstood(question("closed_when", [], awaits=word, word=word, unit=known.key(home)))
    first, last = span
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return found[0], days, match["days"]


def _nearest(words: str, today: date) -> tuple[date, date] | None:
    """As one plans ahead; but said without a year a day of last month is that one, not one in eleven months."""
    span = read_days(words, today)
    if span is None or span[0] - today <= HALF_A_YEAR or _YEAR.search(words):
        return span
    try:
        first, last = (day.replace(year=day.year - 1) for day in span)
    except ValueError:  # 29 February
        return span
    return first, last


async def _require_head(asking: Asking, path: str, known: Units) -> None:
    """Raises NotForYou unless he leads somebody and the unit is his or below his; personnel and administrators may."""
    me = asking.asker
    leads = await people.leads_anybody(asking.session, me.id)
    above = await people.by_id(asking.session, me.manager_id) if me.manager_id is not None else None
    heads = leads and not (me.store and above is not None and above.store == me.store)
    inside = known.home(me) == path or (not me.store and is_at_or_below(path, me.department))
    if not (heads and inside) and not permissions.may_roster_anybody(me, asking.policy):
        raise NotForYou(f"定{known.key(path)}哪天停业", "本店店长或上级")


ROUTES = (
    Route(
        words=("日目标", "今日目标", "今天目标"),
        handle=day_targets,
        topic="看",
        does="今天要做多少,怎么分到每一天的",
        examples=("日目标", "日目标 {kr}"),
    ),
    Route(
        words=("停业",),
        handle=close,
        topic="带团队",
        does="哪几天不开门,目标不摊到那几天",
        examples=("停业 12月1日-12月3日",),
        role=Role.MANAGER,
        alone=("停业",),
    ),
    Route(
        words=("开业", "恢复营业"),
        handle=reopen,
        topic="带团队",
        does="停业改回营业",
        examples=("开业 12月1日",),
        role=Role.MANAGER,
        alone=("开业",),
    ),
)
