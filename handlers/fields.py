"""The fields of a goal that 修改 may set: their words, and how a new value is read. Drafts and what is in force share them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import say_amount, say_goal, say_stages
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.dates import read_date
from handlers.reading.lines import read_key_result
from handlers.reading.measures import read_measure
from handlers.reading.numbers import Meaning, Quantity, read_number
from handlers.staging import read_stages
from okr.moments import say_day
from okr.objectives import Basis, Commitment, KeyResult, Kind, Objective
from okr.refusals import NotANumberGoal, StartEqualsTarget
from okr.requests import Value
from okr.stages import stage_targets

LONGEST_TITLE = 60
LONGEST_UNIT = 8

_WORDS = {
    "目标值": "target", "目标": "target", "起始值": "start", "起点": "start", "起始": "start", "截止日期": "due", "截止日": "due",
    "截止": "due", "权重": "weight", "标题": "title", "名字": "title", "名称": "title", "单位": "unit", "口径": "basis",
    "统计口径": "basis", "负责人": "owner", "周期": "cycle", "对齐": "parent", "按": "reading", "没写错": "keep",
    "类型": "commitment", "来源": "origin", "阶段目标": "stages", "阶段": "stages", "日常指标": "kpi",
}  # fmt: skip
_ALONE = {
    "承诺": "commitment", "挑战": "commitment", "自上而下": "origin", "自下而上": "origin",
}  # fmt: skip
"""Values that say by themselves which field they are for: 修改 KR34 挑战."""
NAMES = {
    "target": "目标值", "start": "起始值", "due": "截止", "weight": "权重", "title": "标题", "unit": "单位", "basis": "口径",
    "reading": "算法", "keep": "写法", "owner": "负责人", "cycle": "周期", "parent": "对齐",
    "commitment": "类型", "origin": "来源", "stages": "阶段", "kpi": "日常指标",
}  # fmt: skip
_ONLY_FIRST = ("按", "没写错", "对齐")
"""Small words that say something else in the middle of a sentence."""
_NEXT = re.compile(
    rf"(?:^|(?<=[\s,;、]))(?:{'|'.join(sorted(set(_WORDS) - set(_ONLY_FIRST), key=len, reverse=True))})"
    r"(?=[\s0-9:=@+-]|从|到|改|$)"
)
_VALUE_ALONE = re.compile(rf"(?:^|(?<=[\s,;、]))(?P<word>{'|'.join(_ALONE)})(?:型|类)?(?=[\s,;、]|$)")
_REASON = re.compile(r"(?:^|[\s,;])(?:原因|理由|因为)[:,\s]*(?P<reason>.+)$", re.DOTALL)
_INTERVIEW = re.compile(r"(?:^|[\s,;])面谈[:,\s]*(?P<talk>.+?)(?=(?:[\s,;](?:原因|理由|因为))|$)", re.DOTALL)
_INTO = re.compile(r"^(?:[:=]|改成|改为|改到|变成|提到|降到|到|为|是)\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a goal and its new words."""

    objective: Objective
    kr: KeyResult | None
    field: str
    words: str

    @property
    def ref(self) -> str:
        return self.kr.ref if self.kr else self.objective.ref


@dataclass(frozen=True, slots=True)
class Said:
    """What follows the id: `目标值 1200 截止 12月20日 面谈 11月20日 原因 新店开业`. `unread`: words before any field."""

    fields: tuple[tuple[str, str], ...]
    reason: str = ""
    interview: str = ""
    unread: str = ""


def read_sentence(text: str) -> Said:
    """The fields that are named, each with its words, and the reason. A title takes all that follows it."""
    text, interview = _taken(_INTERVIEW, text)
    text, reason = _taken(_REASON, text)
    fields: list[tuple[str, str]] = []
    rest = text.strip(" ,;")
    while rest:
        field, words = _field(rest)
        if not field:
            break
        cut = len(words) if field == "title" else _until_next(words)
        fields.append((field, _INTO.sub("", words[:cut].strip(" ,;、"))))
        rest = words[cut:].strip(" ,;、")
    return Said(tuple(fields), reason, interview, rest)


def _until_next(words: str) -> int:
    """Where the words of a field end. What stands first is its own, even if it could be a field by itself."""
    found = (_NEXT.search(words), _VALUE_ALONE.search(words, 1))
    return min((match.start() for match in found if match is not None), default=len(words))


def split_reason(text: str) -> tuple[str, str]:
    """What is said, and why."""
    return _taken(_REASON, text)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.search(text)
    if match is None:
        return text, ""
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), match[1].strip(" ,;。")


def _field(text: str) -> tuple[str, str]:
    """The field that a text begins with; `目标值1200` has its value in the same word."""
    if (match := _VALUE_ALONE.match(text)) is not None:
        return _ALONE[match["word"]], text
    for known in sorted(_WORDS, key=len, reverse=True):
        if text.startswith(known):
            return _WORDS[known], text[len(known) :].strip()
    return "", text


def ask_for(change: Change) -> Answer:
    """Ask for the new value; the next words are taken for it."""
    kr, objective = change.kr, change.objective
    field = NAMES.get(change.field, change.field)
    return shown(
        question(
            "field",
            [],
            about=change.ref,
            awaits=f"修改 {change.ref} {field}",
            ref=change.ref,
            title=kr.title if kr else objective.title,
            field=field,
            now=say_now(change),
        ),
        restricted=True,
    )


def ask_which(objective: Objective, kr: KeyResult | None) -> Answer:
    """Ask which field is meant."""
    ref = kr.ref if kr else objective.ref
    names = ("目标值", "截止", "权重", "标题") if kr else ("标题", "负责人", "周期")
    choices = [Choice(f"改{name}", f"修改 {ref} {name}") for name in names]
    return shown(
        question("which_field", choices, about=ref, ref=ref, title=kr.title if kr else objective.title)
    )


def say_now(change: Change) -> str:
    kr, objective = change.kr, change.objective
    if kr is None:
        return {"title": objective.title, "cycle": objective.cycle.name}.get(change.field, "还没写")
    measure = kr.measure
    if change.field in ("target", "start") and measure.kind is Kind.NUMBER:
        value = measure.target if change.field == "target" else measure.start
        return say_amount(measure, value) if value is not None else "还没写"
    return {
        "title": kr.title,
        "unit": measure.unit or "还没写",
        "basis": str(measure.basis),
        "commitment": str(kr.commitment),
        "origin": str(kr.origin),
        "due": say_day(kr.due, objective.cycle.end) if kr.due else "周期末",
        "stages": say_stages(stage_targets(kr, objective.cycle), kr.measure),
        "kpi": "是" if kr.is_kpi else "否",
        "weight": f"{kr.share:.0%}" if kr.share is not None else f"{kr.weight:f}",
    }.get(change.field, say_goal(measure))


def read_values(asking: Asking, change: Change) -> dict[str, Value] | None:
    """The fields of the key result that the words set; None where they are not understood."""
    reader = _READERS.get(change.field)
    return reader(asking, change, change.kr) if reader is not None and change.kr is not None else None


# --- what each field takes; None where the words are not understood ---


def _end(key: str) -> Callable[[Asking, Change, KeyResult], dict[str, Value] | None]:
    def reader(asking: Asking, change: Change, kr: KeyResult) -> dict[str, Value] | None:
        measure = kr.measure
        if measure.kind is Kind.MAINTAIN:
            return _bounds(change.words, kr, asking.today) if key == "target" else None
        if measure.kind in (Kind.MILESTONE, Kind.ORDINAL, Kind.BASELINE):
            raise NotANumberGoal(kr.ref, str(measure.kind))
        quantity = read_number(change.words.split(" ")[0]) or read_number(change.words)
        if quantity is None:
            return None
        value = _moved(measure.start if key == "start" else measure.target, quantity, measure.unit)
        other = measure.start if key == "target" else measure.target
        if other is not None and value == other:
            raise StartEqualsTarget(other, kr.ref)
        fields: dict[str, Value] = {key: value}
        unit = "%" if quantity.percent else quantity.unit
        if unit and not measure.unit:
            fields["unit"] = unit
        if measure.kind is Kind.BOOLEAN:
            fields["kind"] = str(Kind.NUMBER)
        return fields

    return reader


def _moved(old: Decimal | None, quantity: Quantity, unit: str) -> Decimal:
    """`+100` is a change of what stands there; `+10%` of a number that is no percent is so much of it."""
    if quantity.meaning is not Meaning.CHANGE or old is None:
        return quantity.value
    return old + (old * quantity.value / 100 if quantity.percent and unit != "%" else quantity.value)


def _bounds(words: str, kr: KeyResult, today: date) -> dict[str, Value] | None:
    """`≤3`, `1-3`, or a bare number for the only bound there is."""
    read = read_measure(f"保持 {words}", today).measure
    low, high = kr.measure.low, kr.measure.high
    if read.kind is Kind.MAINTAIN and (read.low is not None or read.high is not None):
        said_side = any(mark in words for mark in "≤≥<>不低高于少多超大小以至最-~之")
        if said_side:
            return {"low": read.low, "high": read.high}
    quantity = read_number(words.split(" ", maxsplit=1)[0])
    if quantity is None or (low is not None) == (high is not None):
        return None
    return {"low": quantity.value} if low is not None else {"high": quantity.value}


def _due(asking: Asking, change: Change, _: KeyResult) -> dict[str, Value] | None:
    due = read_date(change.words, asking.today, "future")
    return {"due": due} if due else None


def _weight(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    quantity = read_number(change.words)
    if quantity is None or quantity.value < 0 or (quantity.percent and quantity.value > 100):
        return None
    return {"share": quantity.value / 100} if quantity.percent else {"weight": quantity.value, "share": None}


def _title(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    return {"title": change.words[:LONGEST_TITLE]}


def _unit(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    return {"unit": change.words} if len(change.words) <= LONGEST_UNIT else None


def _basis(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    return {"basis": change.words} if change.words in set(Basis) else None


def _commitment(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    """承诺 · 挑战, with 型 or KR after it if one likes."""
    word = change.words[:2]
    return {"commitment": word} if word in set(Commitment) and len(change.words) <= 4 else None


def _origin(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    said = {"上级": "自上而下", "自上而下": "自上而下", "自己": "自下而上", "自下而上": "自下而上"}.get(
        change.words
    )
    return {"origin": said} if said else None


def _stages(_: Asking, change: Change, kr: KeyResult) -> dict[str, Value] | None:
    text = read_stages(change.objective, kr, change.words)
    return None if text is None else {"stages": text}


def _kpi(_: Asking, change: Change, __: KeyResult) -> dict[str, Value] | None:
    said = {"是": True, "对": True, "算": True, "否": False, "不是": False, "不": False, "不算": False}.get(
        change.words
    )
    return None if said is None else {"is_kpi": said}


def _reading(asking: Asking, change: Change, kr: KeyResult) -> dict[str, Value] | None:
    """How typed numbers were meant: 按 个点, 按 百分比 (a change of so much), 按 百分数 (0.1 is 10%)."""
    measure = kr.measure
    if change.words == "百分数":
        ends = {"start": measure.start, "target": measure.target}
        scaled = {key: value * 100 for key, value in ends.items() if value is not None}
        return {**scaled, "unit": "%"}
    by = _typed_change(asking, kr)
    if by is None:
        return None
    if measure.start is None:
        raise Misunderstood(ask_for(replace(change, field="start")).card or notice("never_mind"))
    if change.words == "个点":
        return {"target": measure.start + by, "unit": "%"}
    if change.words == "百分比":
        return {"target": measure.start + measure.start * by / 100}
    return None


def _typed_change(asking: Asking, kr: KeyResult) -> Decimal | None:
    """By how much a value is to move: as the title says (降低损耗率5%), else from start to target."""
    said = read_key_result(kr.title, asking.today, asking.policy.metrics).change
    if said is not None:
        return said.value
    measure = kr.measure
    return None if measure.start is None or measure.target is None else measure.target - measure.start


def _keep(_: Asking, __: Change, ___: KeyResult) -> dict[str, Value] | None:
    return {}


_READERS: Mapping[str, Callable[[Asking, Change, KeyResult], dict[str, Value] | None]] = {
    "target": _end("target"),
    "start": _end("start"),
    "due": _due,
    "weight": _weight,
    "title": _title,
    "unit": _unit,
    "basis": _basis,
    "commitment": _commitment,
    "origin": _origin,
    "stages": _stages,
    "kpi": _kpi,
    "reading": _reading,
    "keep": _keep,
}
