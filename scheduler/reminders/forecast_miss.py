"""达成预测预警: owners whose numbers keep pace with the calendar and will miss their target all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

from cards.forecast_miss import miss_card
from okr.forecast import Forecast, Method, forecast
from okr.moments import day_of
from okr.numbers import say_percent
from okr.objectives import Commitment
from okr.reminding import Reminder
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders import progress_warning
from scheduler.reminders.subjects import Case, begin_of, cases_of
from storage import candidates, histories

KEY = Reminder.FORECAST_MISS
LATELY = timedelta(hours=2)
"""What has been recorded since is looked at each hour; on Monday mornings everything is."""
MONDAY_LOOK = 9


async def look(glance: Glance) -> list[Nudge]:
    nudges: list[Nudge] = []
    async for cases in cases_of(glance, KEY, _candidates(glance)):
        ids = [case.kr.id for case in cases]
        if not ids:
            continue
        begin = min(begin_of(case, glance) for case in cases)
        history = await histories.values(glance.session, ids, begin)
        for case in cases:
            points = [(day_of(at, glance.policy.zone), value) for at, value in history.get(case.kr.id, ())]
            ahead = forecast(case.kr, points, case.objective.cycle, glance.today)
            if ahead is not None and ahead.method is Method.TREND:
                nudges += _about(glance, case, ahead)
    return nudges


def _candidates(glance: Glance) -> AsyncIterator[list[int]]:
    everything = glance.now.weekday() == 0 and glance.now.hour == MONDAY_LOOK
    recorded = None if everything else glance.now - LATELY
    return candidates.on_the_way(glance.session, glance.today, recorded)


def _about(glance: Glance, case: Case, ahead: Forecast) -> list[Nudge]:
    """Not where it lags already: then the other reminder speaks."""
    kr, rule = case.kr, case.rule
    limit = Decimal(str(rule["committed" if kr.commitment is Commitment.COMMITTED else "stretch"]))
    if ahead.attainment >= limit or not ahead.required:
        return []
    if progress_warning.level_of(glance, case.objective, kr, case.owner):
        return []
    end = kr.due or case.objective.cycle.end
    card = miss_card(kr, ahead, end=end, today=glance.today, limit=limit)
    why = (
        f"按近四周的走势,到 {end:%m月%d日} 预计完成 {say_percent(ahead.attainment)}",
        f"门槛:{kr.commitment}型低于 {say_percent(limit)}",
    )
    return [Nudge(case.owner.id, kr.ref, card, facts=why)]


WATCH = Watch(KEY, "20 * * * *", look, grace=timedelta(hours=1))
