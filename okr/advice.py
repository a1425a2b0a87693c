"""What to try when a key result lags: chosen by what it measures, how far behind it is, and why (docs/rules/advice.md).

The sentences are the cards' (`cards/templates/reminders/advice.md.j2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from okr.objectives import KeyResult, Kind
from okr.scoring import Cause


class Advice(StrEnum):
    WASTE_EVENING = "waste_evening"
    WASTE_BATCHES = "waste_batches"
    VISITORS_PEAK = "visitors_peak"
    VISITORS_NEIGHBOURS = "visitors_neighbours"
    BASKET_PAIRS = "basket_pairs"
    BASKET_TILL = "basket_till"
    SALES_STEPS = "sales_steps"
    SALES_REGULARS = "sales_regulars"
    RATE_FOLLOW_UP = "rate_follow_up"
    RATE_REASONS = "rate_reasons"
    COMPLAINTS_SAME_DAY = "complaints_same_day"
    COMPLAINTS_TOP = "complaints_top"
    STEP_NEXT = "step_next"
    STEP_HELP = "step_help"
    SMALLER_BITES = "smaller_bites"
    ONE_LEVER = "one_lever"
    PEOPLE_PEAK = "people_peak"
    SUPPLY_SECOND = "supply_second"
    COOPERATION_DATE = "cooperation_date"
    PRIORITY_HOUR = "priority_hour"
    MARKET_WATCH = "market_watch"
    TALK = "talk"
    """Far behind: speak about the target or the means, with the number that is missing."""


_TOPICS = (
    (re.compile("损耗|报损|浪费|缺货"), (Advice.WASTE_EVENING, Advice.WASTE_BATCHES)),
    (re.compile("客诉|投诉|差评"), (Advice.COMPLAINTS_SAME_DAY, Advice.COMPLAINTS_TOP)),
    (re.compile("客单|连带"), (Advice.BASKET_PAIRS, Advice.BASKET_TILL)),
    (re.compile("转化|成交|复购|拜访|续约|率"), (Advice.RATE_FOLLOW_UP, Advice.RATE_REASONS)),
    (re.compile("客流|到店|人数|会员"), (Advice.VISITORS_PEAK, Advice.VISITORS_NEIGHBOURS)),
    (re.compile("销售|业绩|营收|收入|毛利|额"), (Advice.SALES_STEPS, Advice.SALES_REGULARS)),
)
_CAUSES = (
    (Cause.MONEY, re.compile("断货|缺货|没货|供货|供应商|到货|预算|没钱")),
    (Cause.PEOPLE, re.compile("人手|缺人|没人|人不够|离职|请假")),
    (Cause.COOPERATION, re.compile("在等|等着|没回|不配合|对接|卡在")),
    (Cause.PRIORITY, re.compile("没空|没时间|太忙|顾不上|别的事|插队")),
    (Cause.MARKET, re.compile("天气|下雨|封路|封闭|施工|竞争|对手|隔壁|疫情|淡季|涨价")),
    (Cause.TARGET, re.compile("目标.{0,3}[太偏]?高|定高了")),
)
"""What people write of it, the surest first."""
_BY_CAUSE = {
    Cause.MONEY: Advice.SUPPLY_SECOND,
    Cause.PEOPLE: Advice.PEOPLE_PEAK,
    Cause.COOPERATION: Advice.COOPERATION_DATE,
    Cause.PRIORITY: Advice.PRIORITY_HOUR,
    Cause.MARKET: Advice.MARKET_WATCH,
    Cause.TARGET: Advice.TALK,
    Cause.METHOD: Advice.ONE_LEVER,
    Cause.LATE: Advice.SMALLER_BITES,
}
_USUAL = (Advice.SMALLER_BITES, Advice.ONE_LEVER)
MOST = 2


def cause_of(texts: Iterable[str]) -> Cause | None:
    """Why it lags, by what people wrote of it, the newest first: what is in the way, notes of reports. None where nobody says."""
    for text in texts:
        for cause, pattern in _CAUSES:
            if pattern.search(text):
                return cause
    return None


def advise(
    kr: KeyResult, gap_points: int, at_risk_points: int, cause: Cause | None = None
) -> tuple[Advice, ...]:
    """Two things to try: against the cause where one is known, and what fits the measure; far behind, the second is to talk."""
    found = everything(kr, gap_points, at_risk_points, cause)
    if gap_points >= at_risk_points:
        first = next((one for one in found if one is not Advice.TALK), Advice.SMALLER_BITES)
        return (first, Advice.TALK)
    return found[:MOST]


def everything(
    kr: KeyResult, gap_points: int, at_risk_points: int, cause: Cause | None = None
) -> tuple[Advice, ...]:
    """All that there is to try, the best first; each once."""
    found: list[Advice] = []
    if cause is not None:
        found.append(_BY_CAUSE[cause])
    if kr.measure.kind in (Kind.MILESTONE, Kind.BOOLEAN, Kind.BASELINE, Kind.ORDINAL):
        found += (Advice.STEP_NEXT, Advice.STEP_HELP)
    else:
        found += next((advice for topic, advice in _TOPICS if topic.search(kr.title)), ())
        found += _USUAL
    if gap_points >= at_risk_points:
        found.append(Advice.TALK)
    return tuple(dict.fromkeys(found))
