"""派发: who would get a goal and what it asks for, what came of it, and what each is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.goal_templates import arrow
from cards.sayings import say_amount, say_goal
from cards.templating import render
from chat.card import Card
from okr.numbers import say_number
from okr.objectives import Cycle, KeyResult, Kind, Measure
from okr.people import Person
from okr.templates import GoalTemplate, TemplateLine

SHOWN = 3
NAMES = 4
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person gets. `factor` is not 1 where a target differs by it; `objective` is 0 before it is written."""

    person: Person
    lines: Sequence[TemplateLine]
    factor: Decimal = ONE
    objective: int = 0


@dataclass(frozen=True, slots=True)
class Handout:
    """A whole 派发, before it is written. `had`: who has the goal already, `unfit`: for whom it is not meant.

    `others`: key results that are none of the template's. `how` and `words`: for whom, as
    people read it and as a button can carry it.
    """

    template: GoalTemplate
    cycle: Cycle
    lines: Sequence[TemplateLine]
    shares: Sequence[Share]
    others: Sequence[TemplateLine] = ()
    had: Sequence[Person] = ()
    unfit: Sequence[Person] = ()
    how: str = ""
    words: str = ""
    supports: KeyResult | None = None
    unread: str = ""

    @property
    def asked(self) -> tuple[TemplateLine, ...]:
        """All the key results that each gets."""
        return (*self.lines, *self.others)


def assignment_card(handout: Handout, confirm: str, *, again: bool) -> Card:
    """The preview; `confirm` is the command that writes it. `again`: who is meant has changed since it was shown."""
    people = [share.person for share in handout.shares]
    return render(
        "assignment",
        live=True,
        asks=True,
        template=handout.template.name,
        cycle=handout.cycle.name,
        how=handout.how,
        again=again,
        count=len(people),
        lines=[_line(line) for line in handout.asked[:SHOWN]],
        more_lines=max(0, len(handout.asked) - SHOWN),
        people="、".join(_who(person) for person in people[:NAMES]),
        more=max(0, len(people) - NAMES),
        told=people[0].name if len(people) == 1 else f"{people[0].name} 等 {len(people)} 人",
        differ=_differ(handout),
        had=_names(handout.had),
        unfit=_names(handout.unfit),
        supports=f"{handout.supports.ref} {handout.supports.title}" if handout.supports else "",
        unread=handout.unread,
        confirm=confirm,
    )


def assigned_card(handout: Handout) -> Card:
    """After it has been written: who got which draft."""
    made = handout.shares
    return render(
        "assigned",
        template=handout.template.name,
        count=len(made),
        made="、".join(f"{_who(share.person)} O{share.objective}" for share in made[: 2 * NAMES]),
        more=max(0, len(made) - 2 * NAMES),
        open=any(_is_open(line) for line in handout.asked),
        left_out=len(handout.had) + len(handout.unfit),
    )


def received_card(handout: Handout, share: Share, by: Person) -> Card:
    """To who got it."""
    ref = f"O{share.objective}"
    lines = [*share.lines, *handout.others]
    return render(
        "received",
        about=ref,
        ref=ref,
        by=by.name,
        title=handout.template.title,
        cycle=handout.cycle.name,
        lines=[_line(line) for line in lines[:SHOWN]],
        more=max(0, len(lines) - SHOWN),
        open=any(_is_open(line) for line in lines),
        supports=f"{handout.supports.ref} {handout.supports.title}" if handout.supports else "",
    )


def _is_open(line: TemplateLine) -> bool:
    return line.measure.kind is Kind.NUMBER and line.measure.target is None


def _line(line: TemplateLine) -> dict[str, str]:
    return {"title": line.title, "arrow": arrow(line), "goal": _goal(line.measure)}


def _goal(measure: Measure) -> str:
    """`从 0 到 300 次`, or that its owner says it."""
    if measure.kind is not Kind.NUMBER or measure.target is not None:
        return say_goal(measure)
    return f"目标本人填{f'({measure.unit})' if measure.unit else ''}"


def _who(person: Person) -> str:
    return f"{person.name}({person.unit})" if person.unit else person.name


def _names(people: Sequence[Person]) -> str:
    shown = "、".join(person.name for person in people[:NAMES])
    return f"{shown} 等 {len(people)} 人" if len(people) > NAMES else shown


def _differ(handout: Handout) -> str:
    """Whose targets are others by the company's rules: `赵店 ×0.9(270 次)`."""
    differing = [share for share in handout.shares if share.factor != ONE]
    said = []
    for share in differing[:SHOWN]:
        targets = [
            say_amount(mine.measure, mine.measure.target)
            for mine, usual in zip(share.lines, handout.lines, strict=True)
            if mine.measure.target is not None and mine.measure != usual.measure
        ]
        said.append(f"{share.person.name} ×{say_number(share.factor)}({'、'.join(targets[:2])})")
    more = f" 等 {len(differing)} 人" if len(differing) > SHOWN else ""
    return f"{'、'.join(said)}{more}"
