"""How a key result is measured, from the words that say it: `从 8% 到 5%`, `保持 ≤2%`, `里程碑 选址 12月1日; 开业`.

Nothing is made up: an end that is not said stays None, a unit that is not said stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from handlers.reading.dates import find_date
from handlers.reading.numbers import KNOWN_UNIT, NUMERAL, Meaning, Quantity, find_numbers, read_number
from okr.objectives import Kind, Measure, Milestone
from okr.writing import PERCENT, Code, likely_units

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a line says of its measure: the title and anything else left of the line are kept apart.

    `change`: said as a difference (`提升10%`) that no target could be computed from.
    """

    title: str
    measure: Measure
    change: Quantity | None = None
    doubts: tuple[str, ...] = ()
    unread: str = ""


_AMOUNT = rf"(?:=|[+-]|负)?{NUMERAL}(?: ?(?:%|个?百分点|个点|块钱?))?"
_UNIT = r"(?: ?(?P<unit>(?![到至为])(?:(?!之间)[^\s\d,;。、()%]){1,6}))?"
_RAISE = "提升|提高|增长|增加|上升|上涨|涨"
_LOWER = "降低|减少|下降|压缩|压降|缩短|下调|降"
_TO = rf"(?:(?:{_RAISE}|{_LOWER}|做|达|冲|升|增|减)?(?:到|至)|->|=>|→|变为|变成)"

_BETWEEN_ENDS = re.compile(
    rf"(?:从|由) ?(?P<start>{_AMOUNT})(?: ?(?P<unit_of_start>[^\s\d,;。、()%到至]{{1,3}}?))??"
    rf" ?{_TO} ?(?P<target>{_AMOUNT}){_UNIT}"
)
_WITHOUT_FROM = re.compile(
    rf"(?P<start>{_AMOUNT})(?: ?(?P<unit_of_start>{KNOWN_UNIT}))? ?{_TO} ?(?P<target>{_AMOUNT}){_UNIT}"
)
_TARGET = re.compile(rf"(?:{_TO}|目标值?(?:是|为|:)?) ?(?P<target>{_AMOUNT}){_UNIT}")
_START_AND_CHANGE = re.compile(
    rf"(?:从|由) ?(?P<start>{_AMOUNT})(?: ?(?:{KNOWN_UNIT}))? ?(?P<verb>{_RAISE}|{_LOWER})了? ?(?P<change>{_AMOUNT}){_UNIT}"
)
_CHANGE_AT_END = re.compile(
    rf"(?:(?P<verb>{_RAISE}|{_LOWER})(?P<object>[^\d+-]*?)) ?(?P<change>{_AMOUNT}){_UNIT}$"
)
_KEEP = "(?:保持|维持|控制|稳定|保证|确保)"
_BAND = re.compile(
    rf"(?:{_KEEP}(?:在|为)? ?|在 ?)(?P<low>{_AMOUNT}) ?(?:[-~—]+|到|至) ?(?P<high>{_AMOUNT}){_UNIT}(?: ?之间)?"
)
_AT_MOST = "≤|<=|<|不高于|不超过|不大于|不多于|低于|小于|少于|最多|至多"
_AT_LEAST = "≥|>=|>|不低于|不少于|不小于|高于|大于|多于|至少|最少|超过"
_BOUND = re.compile(
    rf"(?:{_KEEP}(?:在|为)? ?)?(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})) ?(?P<value>{_AMOUNT}){_UNIT}"
)
_BOUND_AFTER = re.compile(
    rf"(?:{_KEEP}(?:在|为)? ?)?(?P<value>{_AMOUNT})(?: ?(?P<unit>[^\s\d,;。、()%]{{1,3}}?))?"
    r" ?(?:(?P<least>及?以上)|(?P<most>以内|及?以下|之内))"
)
_KEPT = re.compile(rf"{_KEEP}(?:在|为)? ?(?P<value>{_AMOUNT}){_UNIT}$")
_MILESTONES = re.compile(r"里程碑[ :]*(?P<steps>.+)$", re.DOTALL)
_RUNGS = re.compile(
    r"保底[ :]*(?P<commit>.+?)[ ,;、]+目标[ :]*(?P<target>.+?)[ ,;、]+挑战[ :]*(?P<stretch>.+)$", re.DOTALL
)
_BASELINE = re.compile("(?:摸清|摸底|建立|测出|确定|量出).*(?:基线|基准|底数)|(?:基线|摸底)$")
_SHARE = re.compile(r"(?:权重)? ?(?P<share>[0-9]+(?:\.[0-9]+)?)%$")
_EDGES = " ,;:。、"


def read_measure(line: str, today: date) -> Phrase:
    """The measure of one line from which weight, source, deadline and period have been taken out."""
    for pattern, read in _PHRASES:
        match = pattern.search(line)
        if match and (phrase := read(match, today)):
            before, after = line[: match.start()].strip(_EDGES), line[match.end() :].strip(_EDGES)
            title = phrase.title or before or after or line.strip(_EDGES)
            return replace(phrase, title=title, unread=after if after != title else "")
    return _without_phrase(line.strip(_EDGES))


def _without_phrase(title: str) -> Phrase:
    """A number at the very end is a target (新开门店 3 家); without one it is done or not."""
    if _BASELINE.search(title):
        return Phrase(title, Measure(Kind.BASELINE))
    found = find_numbers(title)
    if found and found[-1][1] == len(title) and found[-1][0] > 0:
        start, _, quantity = found[-1]
        if title[:start].endswith("新"):  # 新增500人: so many are wanted, it is no difference
            return Phrase(f"{title[:start]}增", _number(None, quantity, ""))
        if quantity.meaning is Meaning.VALUE:
            return Phrase(title[:start].strip(_EDGES), _number(None, quantity, ""))
    return Phrase(title, Measure(Kind.BOOLEAN))


def _ends(match: re.Match[str], _today: date) -> Phrase | None:
    groups = match.groupdict()
    start, target = read_number(groups.get("start") or ""), read_number(match["target"])
    if target is None or (groups.get("start") and start is None):
        return None
    return Phrase("", _number(start, target, groups["unit"] or groups.get("unit_of_start") or ""))


def _number(start: Quantity | None, target: Quantity, unit: str) -> Measure:
    """`从 8 到 5%` speaks of percents at both ends."""
    ends = [end for end in (start, target) if end is not None]
    unit = PERCENT if any(end.percent for end in ends) else unit or next((e.unit for e in ends if e.unit), "")
    return Measure(Kind.NUMBER, unit, start=start.value if start else None, target=target.value)


def _change(match: re.Match[str], _today: date) -> Phrase | None:
    """`提升客流量10%`, `从 8% 降低 3个点`: a target where start and kind of change leave only one."""
    groups = match.groupdict()
    start = read_number(groups.get("start") or "")
    change = read_number(match["change"])
    if change is None or change.meaning is not Meaning.VALUE or (groups.get("start") and start is None):
        return None
    size = -change.value if re.fullmatch(_LOWER, match["verb"]) else change.value
    change = replace(change, value=size, meaning=Meaning.CHANGE, unit=change.unit or groups["unit"] or "")
    before = match.string[: match.start()].strip(_EDGES)
    about = f"{before}{groups.get('object') or ''}"
    is_rate = change.points or bool(start and start.percent) or likely_units(about) == (PERCENT,)
    unit = PERCENT if change.points or (start and start.percent) else "" if change.percent else change.unit
    unclear = change.percent and is_rate
    target = None if start is None or unclear else _moved(start.value, change)
    measure = Measure(Kind.NUMBER, unit, start=start.value if start else None, target=target)
    # Without a target the difference stands nowhere but in the title.
    by = "" if target is not None else f"{match['verb']}{groups.get('object') or ''}{match['change']}"
    return Phrase(f"{before}{by}", measure, change, (str(Code.RELATIVE_OR_POINTS),) if unclear else ())


def _moved(start: Decimal, change: Quantity) -> Decimal:
    return start * (HUNDRED + change.value) / HUNDRED if change.percent else start + change.value


def _band(match: re.Match[str], _today: date) -> Phrase | None:
    low, high = read_number(match["low"]), read_number(match["high"])
    if low is None or high is None or low.value > high.value:
        return None
    measure = _number(low, high, match["unit"] or "")
    return Phrase("", Measure(Kind.MAINTAIN, measure.unit, low=low.value, high=high.value))


def _bound(match: re.Match[str], _today: date) -> Phrase | None:
    """Without a word for the direction (保持 2%) both ends stay open: that is not ours to say."""
    value = read_number(match["value"])
    if value is None:
        return None
    groups = match.groupdict()
    unit = PERCENT if value.percent else groups.get("unit") or value.unit
    low = value.value if groups.get("least") else None
    high = value.value if groups.get("most") else None
    return Phrase("", Measure(Kind.MAINTAIN, unit, low=low, high=high))


def _milestones(match: re.Match[str], today: date) -> Phrase | None:
    steps = tuple(
        _milestone(step, today) for step in re.split(r"[;、,\n→]+|->", match["steps"]) if step.strip(_EDGES)
    )
    before = match.string[: match.start()].strip(_EDGES)
    title = before or "→".join(step.title for step in steps)
    return Phrase(title, Measure(Kind.MILESTONE, milestones=steps)) if steps else None


def _milestone(step: str, today: date) -> Milestone:
    """`选址 12月1日 30%`: what, perhaps until when, perhaps how much of the whole."""
    step = step.strip(_EDGES)
    weight = Decimal(1)
    if (match := _SHARE.search(step)) and match.start():
        weight, step = Decimal(match["share"]) / HUNDRED, step[: match.start()].strip(_EDGES)
    found = find_date(step, today)
    if found is None:
        return Milestone(step, weight)
    start, end, due = found
    title = step[:start].strip(_EDGES).removesuffix("截止") or step[end:].removeprefix("前").strip(_EDGES)
    return Milestone(title.strip(_EDGES) or step, weight, due)


def _rungs(match: re.Match[str], _today: date) -> Phrase:
    rungs = (match["commit"].strip(_EDGES), match["target"].strip(_EDGES), match["stretch"].strip(_EDGES))
    return Phrase("", Measure(Kind.ORDINAL, rungs=rungs))


_PHRASES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Phrase | None]], ...] = (
    (_MILESTONES, _milestones),
    (_RUNGS, _rungs),
    (_BETWEEN_ENDS, _ends),
    (_START_AND_CHANGE, _change),
    (_BAND, _band),
    (_WITHOUT_FROM, _ends),
    (_BOUND, _bound),
    (_BOUND_AFTER, _bound),
    (_KEPT, _bound),
    (_TARGET, _ends),
    (_CHANGE_AT_END, _change),
)
