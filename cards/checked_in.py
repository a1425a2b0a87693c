"""After a report: old → new, percent, pace, and what it does to the objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cards.sayings import kr_name, o_name, say_step, say_verdict
from cards.templating import render
from chat.card import Card
from okr.moments import say_date
from okr.numbers import say_pace
from okr.objectives import KeyResult, Objective
from okr.policy import Policy
from okr.progress import objective_progress
from okr.status import judge_objective


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded value. `day` is given where it was dated back."""

    before: KeyResult
    after: KeyResult
    old: Decimal | None
    value: Decimal
    note: str = ""
    day: date | None = None


def checked_in(
    before: Objective, after: Objective, steps: Sequence[Step], today: date, policy: Policy
) -> Card:
    """The answer to one or several reports on one objective."""
    was, now = objective_progress(before), judge_objective(after, today, policy)
    focus = next((kr for kr in after.counting if kr.id == now.focus), None)
    rows = [
        {
            "ref": step.after.ref,
            "name": kr_name(step.after),
            "step": say_step(step.before, step.old, step.value, step.after),
            "share": now.verdicts[step.after.id].progress.clamped,
            "verdict": say_verdict(now.verdicts[step.after.id]),
            "note": step.note,
            "day": say_date(step.day, today) if step.day else "",
        }
        for step in steps
    ]
    return render(
        "checked_in",
        about=steps[0].after.ref,
        late=after.cycle.name if today > after.cycle.end else "",
        first=rows[0],
        others=rows[1:],
        objective=o_name(after),
        was=was.clamped,
        now=now.progress.clamped,
        focus=f"{focus.ref} {focus.title}" if focus and focus.id != steps[0].after.id else "",
        lag=say_pace(now.verdicts[focus.id].gap_points) if focus else "",
    )
