"""Goal templates (目标模板): a goal whose key results are known, but for what only the person knows (docs/rules/templates.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from okr.apportion import step_of
from okr.objectives import Commitment, Kind, Measure
from okr.people import Person
from okr.schemes import EVERYBODY, Criteria
from okr.writing import Code

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One key result of a template. `rises`: which way is better, None where the kind has no way.

    `metric`: the key of the data that feeds it, empty where a person reports; `metric_own`: by the owner's own figures.
    """

    title: str
    measure: Measure
    rises: bool | None = None
    weight: Decimal = ONE
    metric: str = ""
    metric_own: bool = False
    commitment: Commitment = Commitment.COMMITTED

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a draft made of it is watched for: that its ends go the way the template says."""
        if self.rises is None:
            return ()
        return (str(Code.SHOULD_RISE if self.rises else Code.SHOULD_FALL),)


@dataclass(frozen=True, slots=True)
class GoalTemplate:
    """`name` is what people call it by, `title` what the objective is called; `criteria`: whom it is offered to."""

    name: str
    title: str
    lines: tuple[TemplateLine, ...]
    criteria: Criteria = EVERYBODY


def offered(templates: Iterable[GoalTemplate], person: Person) -> tuple[GoalTemplate, ...]:
    """Those that are meant for a person, in the company's order."""
    return tuple(template for template in templates if template.criteria.fit(person))


def named(templates: Iterable[GoalTemplate], words: str) -> tuple[GoalTemplate, str] | None:
    """The template whose name begins the words, the longest first, and what follows it; None where none does."""
    low = words.casefold()
    for template in sorted(templates, key=lambda template: len(template.name), reverse=True):
        if low.startswith(template.name.casefold()):
            return template, words[len(template.name) :].lstrip(" ,;:、")
    return None


def filled(template: GoalTemplate, typed: Mapping[str, Measure]) -> tuple[TemplateLine, ...]:
    """The lines with the ends that were typed, by title. A unit that was typed wins over the template's."""
    return tuple(_filled(line, typed.get(line.title)) for line in template.lines)


def _filled(line: TemplateLine, typed: Measure | None) -> TemplateLine:
    measure = line.measure
    if typed is None or typed.kind is Kind.BOOLEAN:
        return line
    if typed.kind is not measure.kind:
        return replace(line, measure=replace(typed, unit=typed.unit or measure.unit), rises=None)
    ends = {
        name: value
        for name in ("start", "target", "low", "high")
        if (value := getattr(typed, name)) is not None
    }
    return replace(line, measure=replace(measure, unit=typed.unit or measure.unit, **ends))


def adjusted(lines: Sequence[TemplateLine], factor: Decimal) -> tuple[TemplateLine, ...]:
    """The same for somebody whose way is `factor` times as long; what has no target yet stays open."""
    return tuple(replace(line, measure=_times(line.measure, factor)) for line in lines)


def _times(measure: Measure, factor: Decimal) -> Measure:
    if factor == ONE or measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return measure
    step = step_of(measure)
    way = ((measure.target - measure.start) * factor / step).quantize(ONE, rounding=ROUND_HALF_UP) * step
    return replace(measure, target=measure.start + way)
