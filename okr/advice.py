"""What to try when a key result lags: chosen by what it measures, which way it is to go, and how far behind it is.

The sentences are the cards' (`cards/templates/reminders/advice.md.j2`).
"""

from __future__ import annotations

import re
from enum import StrEnum

from okr.objectives import KeyResult, Kind


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
_USUAL = (Advice.SMALLER_BITES, Advice.ONE_LEVER)
MOST = 2


def advise(kr: KeyResult, gap_points: int, at_risk_points: int) -> tuple[Advice, ...]:
    """Two things to try; far behind, the second is to talk about it."""
    if kr.measure.kind in (Kind.MILESTONE, Kind.BOOLEAN, Kind.BASELINE, Kind.ORDINAL):
        found: tuple[Advice, ...] = (Advice.STEP_NEXT, Advice.STEP_HELP)
    else:
        found = next((advice for topic, advice in _TOPICS if topic.search(kr.title)), _USUAL)
    return (found[0], Advice.TALK) if gap_points >= at_risk_points else found[:MOST]
