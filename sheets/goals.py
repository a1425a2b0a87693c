"""A table of goals, a key result a line: what it says, and every cell that cannot be taken as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from okr.cycle import cycle_of
from okr.goal_lines import GoalLine, LineProblem
from okr.objectives import Basis, Kind, Measure
from okr.refusals import NoSuchCycle
from sheets import goal_cells, staff_cells
from sheets.errors import BadTable
from sheets.staff_cells import WrongCell
from sheets.table import Row, Table

LONGEST_TITLE = 60
LONGEST_UNIT = 8
LONGEST_SUPPORTS = 130


@dataclass(frozen=True, slots=True)
class GoalFile:
    """`lines` are those that nothing is wrong with; `problems` in the file's order."""

    lines: tuple[GoalLine, ...]
    problems: tuple[LineProblem, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may refer to: employees by number, cycles by name, metrics by key."""

    numbers: AbstractSet[str]
    cycles: AbstractSet[str]
    metrics: Mapping[str, str] = field(default_factory=dict)
    """Keys of metrics and what people call them."""


def _cycle(text: str) -> str:
    return cycle_of(unicodedata.normalize("NFKC", text)).name if text else ""


_READ: Mapping[str, Callable[[str], Any]] = {
    "工号": partial(staff_cells.number, limit=64),
    "周期": _cycle,
    "目标": partial(staff_cells.plain, limit=LONGEST_TITLE),
    "关键结果": partial(staff_cells.plain, limit=LONGEST_TITLE),
    "类型": goal_cells.kind,
    "口径": goal_cells.basis,
    "单位": partial(staff_cells.plain, limit=LONGEST_UNIT),
    "起始值": goal_cells.amount,
    "目标值": goal_cells.amount,
    "下限": goal_cells.amount,
    "上限": goal_cells.amount,
    "容差": goal_cells.amount,
    "步骤": goal_cells.steps,
    "档位": goal_cells.rungs,
    "权重": goal_cells.weight,
    "承诺/挑战": goal_cells.commitment,
    "来源": goal_cells.origin,
    "日常指标": goal_cells.yes,
    "数据": goal_cells.metric,
    "对齐": partial(staff_cells.plain, limit=LONGEST_SUPPORTS),
    "截止": staff_cells.day,
    "阶段": goal_cells.stages,
    "当前值": goal_cells.value,
    "更新日期": staff_cells.day,
    "信心": goal_cells.confidence,
}
"""The columns that are taken in, in the order of a file that goes out; others are left alone."""
_ALSO = {"支撑": "对齐", "kr": "关键结果", "o": "目标", "目标o": "目标", "开始值": "起始值", "起点": "起始值"}
_REQUIRED = ("工号", "周期", "目标", "关键结果")


def read_goals(table: Table, known: Known) -> GoalFile:
    """Every key result of the table. Raises BadTable where a needed column is missing or there is no line."""
    headings = _headings(table)
    if not table.rows:
        raise BadTable("表头下面一行都没有")
    problems: list[LineProblem] = []
    lines = [_read(row, headings, known, problems) for row in table.rows]
    problems += _twice(lines)
    order = {column: place for place, column in enumerate(_READ)}
    problems.sort(key=lambda problem: (problem.line, order[problem.column]))
    wrong = {problem.line for problem in problems}
    return GoalFile(tuple(line for line in lines if line.line not in wrong), tuple(problems))


def _headings(table: Table) -> dict[str, str]:
    wanted = {**{_compared(column): column for column in _READ}, **_ALSO}
    headings: dict[str, str] = {}
    for written in table.header:
        column = wanted.get(_compared(written))
        if column in headings:
            raise BadTable(f"表头里有两列都是「{column}」")
        if column is not None:
            headings[column] = written
    if missing := [column for column in _REQUIRED if column not in headings]:
        raise BadTable(
            f"表头里缺少{'、'.join(missing)};第一行应当是表头,例如 工号,周期,目标,关键结果,单位,起始值,目标值"
        )
    return headings


def _compared(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(folded.split()).strip("*").removesuffix("(必填)")


def _read(row: Row, headings: Mapping[str, str], known: Known, problems: list[LineProblem]) -> GoalLine:
    """The line; a cell that is wrong counts as empty and adds a problem."""
    cells: dict[str, Any] = {}
    texts = {column: row.cells[headings[column]] if column in headings else "" for column in _READ}
    for column, read in _READ.items():
        try:
            cells[column] = read(texts[column])
        except WrongCell as wrong:
            problems.append(LineProblem(row.line, column, str(wrong)))
            cells[column] = read("")
        except NoSuchCycle:
            problems.append(
                LineProblem(row.line, column, f"「{texts[column][:20]}」不是周期,写成 2026Q4、2026H2 或 2026")
            )
            cells[column] = ""
    bad = {problem.column for problem in problems if problem.line == row.line}
    spelled = _spelled(cells["工号"], known.numbers)
    for column, reason in _missing(texts, cells, known, spelled):
        if column not in bad:
            problems.append(LineProblem(row.line, column, reason))
    measure = _measure(cells, texts)
    if cells["关键结果"]:
        found = _wrong(measure)
        problems += [LineProblem(row.line, column, reason) for column, reason in found if column not in bad]
    weight, share = cells["权重"]
    metric, own = cells["数据"]
    return GoalLine(
        line=row.line,
        number=spelled or cells["工号"],
        cycle=cells["周期"],
        objective=cells["目标"],
        title=cells["关键结果"],
        measure=measure,
        weight=weight,
        share=share,
        commitment=cells["承诺/挑战"],
        origin=cells["来源"],
        is_kpi=cells["日常指标"],
        metric=_metric_key(metric, known.metrics) or metric,
        metric_own=own,
        supports=cells["对齐"],
        due=cells["截止"],
        stages=cells["阶段"],
        value=cells["当前值"],
        value_day=cells["更新日期"],
        confidence=cells["信心"],
    )


def _spelled(number: str, known: AbstractSet[str]) -> str:
    """The number as it is on file, whatever its case; empty where nobody has it."""
    if number in known:
        return number
    return next((one for one in sorted(known) if one.casefold() == number.casefold()), "")


def _metric_key(word: str, metrics: Mapping[str, str]) -> str:
    return next(
        (key for key, name in metrics.items() if word.casefold() in (key.casefold(), name.casefold())), ""
    )


def _missing(
    texts: Mapping[str, str], cells: Mapping[str, Any], known: Known, spelled: str
) -> Iterator[tuple[str, str]]:
    """What a line cannot do without, and what it refers to that is not there."""
    for column in ("工号", "周期", "目标"):
        if not texts[column]:
            yield column, "没有填"
    if texts["工号"] and not spelled:
        yield "工号", f"人员表里没有 {texts['工号']}"
    if cells["周期"] and cells["周期"] not in known.cycles:
        yield "周期", f"{cells['周期']} 没有开放:能写的是正在进行的和下一个"
    metric, _ = cells["数据"]
    if metric and not _metric_key(metric, known.metrics):
        yield "数据", f"没有叫 {metric} 的数据,bot.yaml 的 metrics 里有:{'、'.join(known.metrics)}"


def _measure(cells: Mapping[str, Any], texts: Mapping[str, str]) -> Measure:
    """The measure: of the cells that belong to its kind, the others are left alone."""
    kind = cells["类型"] or _likely(cells)
    percent = any(goal_cells.is_percent(texts[column]) for column in ("起始值", "目标值", "下限", "上限"))
    basis = cells["口径"] or Basis.LATEST
    measure = Measure(kind, cells["单位"] or ("%" if percent else ""), basis)
    match kind:
        case Kind.NUMBER:
            sums = basis in (Basis.MONTH, Basis.QUARTER)
            return replace(measure, start=cells["起始值"], target=cells["目标值"], cumulative=sums)
        case Kind.MAINTAIN:
            return replace(measure, low=cells["下限"], high=cells["上限"], tolerance=cells["容差"])
        case Kind.MILESTONE:
            return replace(measure, milestones=cells["步骤"])
        case Kind.ORDINAL:
            return replace(measure, rungs=cells["档位"])
    return measure


def _wrong(measure: Measure) -> Iterator[tuple[str, str]]:
    """What does not go together in a measure."""
    match measure.kind:
        case Kind.NUMBER if measure.target is None:
            yield "目标值", "没有填"
        case Kind.NUMBER if measure.start == measure.target:
            yield "目标值", "和起始值一样,算不出进度"
        case Kind.MAINTAIN if measure.low is None and measure.high is None:
            yield "上限", "保持型要填下限、上限,或者都填"
        case Kind.MAINTAIN if measure.low is not None and measure.high is not None:
            if measure.low > measure.high:
                yield "上限", "比下限还小"
        case Kind.MILESTONE if not measure.milestones:
            yield "步骤", "里程碑要写步骤,用分号隔开"
        case Kind.ORDINAL if measure.rungs is None:
            yield "档位", "等级要写三档,用 / 隔开"


def _likely(cells: Mapping[str, Any]) -> Kind:
    """The kind that the filled cells speak of."""
    if cells["步骤"]:
        return Kind.MILESTONE
    if cells["档位"]:
        return Kind.ORDINAL
    if cells["下限"] is not None or cells["上限"] is not None:
        return Kind.MAINTAIN
    return Kind.BOOLEAN if cells["目标值"] is None and cells["起始值"] is None else Kind.NUMBER


def _twice(lines: Sequence[GoalLine]) -> Iterator[LineProblem]:
    seen: dict[tuple[str, ...], int] = {}
    shares: dict[tuple[str, ...], Decimal] = {}
    for line in lines:
        whole = (line.number, line.cycle, line.objective)
        first = seen.setdefault((*whole, line.title), line.line)
        if first != line.line:
            yield LineProblem(line.line, "关键结果", f"与第 {first} 行重复")
        shares[whole] = shares.get(whole, Decimal(0)) + (line.share or Decimal(0))
        if line.share is not None and shares[whole] > 1:
            yield LineProblem(line.line, "权重", f"「{line.objective}」的权重加起来超过 100%")
