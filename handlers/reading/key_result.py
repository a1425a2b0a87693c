"""One line that says a key result: `生鲜区客流量 日均 从 1000 到 1100 人 权重 30% 数据 visitors 截止 12月20日`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from handlers.reading.dates import take_date
from handlers.reading.measures import HUNDRED, read_measure
from handlers.reading.normal import tidy
from handlers.reading.numbers import NUMERAL, Quantity, read_number
from okr.objectives import Basis, Commitment, Kind, Measure, Origin
from okr.policy import MetricSpec
from okr.writing import Code, typed_doubts


@dataclass(frozen=True, slots=True)
class KrDraft:
    """A key result as far as it was said.

    `weight` is relative, `share` a part of 1; at most one is given. `basis_given`: the period was said and
    not assumed. `doubts` are codes of `okr.writing.Code`. `change`: what 提升10% said, where no target follows
    from it. `unread`: words that nothing was made of. `problems`: `unknown_metric`, `bad_weight`, `bad_date`.
    """

    title: str
    measure: Measure
    weight: Decimal | None = None
    share: Decimal | None = None
    metric: str = ""
    metric_own: bool = False
    due: date | None = None
    basis_given: bool = False
    doubts: tuple[str, ...] = ()
    change: Quantity | None = None
    commitment: Commitment = Commitment.COMMITTED
    origin: Origin = Origin.BOTTOM_UP
    unread: str = ""
    problems: tuple[str, ...] = ()


_LONGEST_LINE = 300
_PREFIX = re.compile(
    r"^(?:[-*•·] ?(?![0-9]))?"
    r"(?:(?:KR|关键结果)(?:[0-9]{1,2}(?![0-9月日号年])| [0-9]{1,2}(?=[:、.]))? ?[:、.]? ?|[0-9]{1,2}[.、)] ?(?![0-9]))?",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    rf"[ ,;]*\(?(?:权重|比重)(?:是|为|占)? ?[:=]? ?(?P<weight>-?{NUMERAL}(?: ?%)?)\)?(?=[ ,;。)]|$)"
)
_METRIC = re.compile(
    r"(?:^|[ ,;])(?:数据|数据源|取数) ?[: ] ?(?P<metric>[^\s,;]+)(?: ?(?P<own>本人|个人|我的))?(?=[ ,;。]|$)"
)
_MEANT = re.compile(r"[ ,;(](?P<word>挑战|承诺|自上而下|自下而上)(?:型|类)?\)?(?=[ ,;。]|$)")
"""How it is meant and where it comes from, set apart from the words before it: a title may speak of 挑战赛."""
_DUE = re.compile(r"[ ,;]*(?:截止(?:到|至|于|日期|时间)?|截至|期限|ddl) ?[:是]? ?", re.IGNORECASE)
_DATE_BEFORE = re.compile(r"[ ,;](?P<day>\S{2,11}?)(?:之?前|以前)(?:完成|做完)?$")
_BASES = {
    **{str(basis): basis for basis in Basis},
    "月累计": Basis.MONTH,
    "当月累计": Basis.MONTH,
    "季累计": Basis.QUARTER,
    "季度累计": Basis.QUARTER,
    "当季累计": Basis.QUARTER,
    "每天": Basis.DAILY,
    "每日": Basis.DAILY,
    "每周": Basis.WEEKLY,
}
_BASIS = re.compile(
    r"(?:^|[ ,;(])(?P<basis>" + "|".join(sorted(_BASES, key=len, reverse=True)) + r")\)?(?=[ ,;从由到]|$)"
)
_BASIS_AT_END = re.compile("(?<=.)[ (]?(?:日均|周均|本月累计|本季累计)[)]?$")
_BASIS_IN_TITLE = re.compile("日均|周均|本月累计|本季累计")


def read_key_result(line: str, today: date, metrics: Mapping[str, MetricSpec]) -> KrDraft:
    """Read one line, with or without `KR` or `KR1:` before it. Never refuses: doubts stand in the draft.

    What goes beyond 300 characters is `unread`.
    """
    line = tidy(line).replace("\n", " ")
    rest = _PREFIX.sub("", line[:_LONGEST_LINE]).strip()
    draft = KrDraft("", Measure(Kind.BOOLEAN))
    rest, draft = _take_weight(rest, draft)
    rest, draft = _take_metric(rest, draft, metrics)
    rest, draft = _take_meant(rest, draft)
    if "里程碑" not in rest:  # its steps have days of their own
        rest, draft = _take_due(rest, draft, today)
    rest, basis = _take_basis(rest)
    phrase = read_measure(rest, today)
    measure, basis_given = _with_basis(phrase.measure, basis, phrase.title, metrics.get(draft.metric))
    title = _BASIS_AT_END.sub("", phrase.title)
    draft = replace(draft, title=title, measure=measure, change=phrase.change)
    draft = replace(draft, unread=f"{phrase.unread}{line[_LONGEST_LINE:]}")
    draft = replace(draft, basis_given=basis_given)
    return replace(draft, doubts=_doubts(draft, phrase.doubts))


def _take_weight(rest: str, draft: KrDraft) -> tuple[str, KrDraft]:
    match = _WEIGHT.search(rest)
    if match is None:
        return rest, draft
    weight = read_number(match["weight"])
    rest = _without(rest, match)
    if weight is None or weight.value <= 0:
        return rest, _with_problem(draft, "bad_weight")
    if weight.percent:
        return rest, replace(draft, share=weight.value / HUNDRED)
    return rest, replace(draft, weight=weight.value)


def _take_metric(rest: str, draft: KrDraft, metrics: Mapping[str, MetricSpec]) -> tuple[str, KrDraft]:
    """`数据 sales 本人` by key or name. A word that only looks like a key is a problem, any other a title's."""
    match = _METRIC.search(rest)
    if match is None:
        return rest, draft
    named = match["metric"].casefold()
    for key, spec in metrics.items():
        if named in (key.casefold(), spec.name.casefold()):
            return _without(rest, match), replace(draft, metric=key, metric_own=bool(match["own"]))
    if match["metric"].isascii() and match["metric"][0].isalpha():
        return _without(rest, match), _with_problem(draft, "unknown_metric")
    return rest, draft


def _take_meant(rest: str, draft: KrDraft) -> tuple[str, KrDraft]:
    """`挑战`, `自上而下` at the end of a line."""
    while matches := [match for match in _MEANT.finditer(rest) if match.end() == len(rest.rstrip(" ,;。"))]:
        match = matches[-1]
        word = match["word"]
        if word in set(Commitment):
            draft = replace(draft, commitment=Commitment(word))
        if word in set(Origin):
            draft = replace(draft, origin=Origin(word))
        rest = rest[: match.start()].rstrip(" ,;。(")
    return rest, draft


def _take_due(rest: str, draft: KrDraft, today: date) -> tuple[str, KrDraft]:
    if match := _DUE.search(rest):
        day, after = take_date(rest[match.end() :], today)
        if day is None:
            return rest, _with_problem(draft, "bad_date")
        return f"{rest[: match.start()]} {after}".strip(), replace(draft, due=day)
    if match := _DATE_BEFORE.search(rest):
        day, after = take_date(match["day"], today)
        if day is not None and not after:
            return rest[: match.start()].strip(), replace(draft, due=day)
    return rest, draft


def _take_basis(rest: str) -> tuple[str, Basis | None]:
    match = _BASIS.search(rest)
    return (_without(rest, match), _BASES[match["basis"]]) if match else (rest, None)


def _with_basis(
    measure: Measure, basis: Basis | None, title: str, spec: MetricSpec | None
) -> tuple[Measure, bool]:
    """The period as said, also by the title (日均客单价); else by the metric's kind. True where it was said."""
    if measure.kind not in (Kind.NUMBER, Kind.MAINTAIN):
        return measure, basis is not None
    in_title = _BASIS_IN_TITLE.search(title)
    said = basis or (Basis(in_title[0]) if in_title else None)
    is_cumulative = spec is not None and spec.kind == "cumulative"
    period = said or (Basis.QUARTER if is_cumulative else Basis.LATEST)
    unit = measure.unit or (spec.unit if spec else "")
    sums = period in (Basis.MONTH, Basis.QUARTER)
    return replace(measure, basis=period, unit=unit, cumulative=sums), said is not None


def _doubts(draft: KrDraft, said: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the words leave, and what is simply missing."""
    measure = draft.measure
    found = [*said, *typed_doubts(measure, draft.title, basis_said=draft.basis_given)]
    if measure.kind is Kind.NUMBER and measure.start is None:
        found.append(str(Code.BASELINE_MISSING))
    no_band = measure.kind is Kind.MAINTAIN and measure.low is None and measure.high is None
    if no_band or (measure.kind is Kind.NUMBER and measure.target is None):
        found.append(str(Code.TARGET_MISSING))
    if measure.kind in (Kind.NUMBER, Kind.MAINTAIN) and not measure.unit:
        found.append(str(Code.UNIT_MISSING))
    return tuple(dict.fromkeys(found))


def _with_problem(draft: KrDraft, problem: str) -> KrDraft:
    return replace(draft, problems=(*draft.problems, problem))


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()
