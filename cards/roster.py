"""排班: what was taken down, one's own days, and a store's week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cards.actions import wire
from cards.templating import render
from chat.card import Card
from okr.moments import say_date, say_day
from okr.people import Person
from okr.rosters import DayPlan, say_hours

SHOWN = 8
NAMES = 6
Known = Mapping[tuple[int, date], DayPlan]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one day of somebody. `plan` and `before` are None where nothing is known."""

    person: Person
    day: date
    plan: DayPlan | None
    before: DayPlan | None

    @property
    def again(self) -> str:
        """The words that would put back what was before."""
        was = "待定" if self.before is None else typed(self.before)
        return f"{self.person.number} {self.day.isoformat()} {was}"


def typed(plan: DayPlan) -> str:
    """A day's hours as they can be typed: 10:00-14:00,17:00-21:00."""
    return ",".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in sorted(plan.hours)) or "休"


def rostered_card(said: Sequence[Said], today: date) -> Card:
    """After it was written: what was read, and what was there before."""
    changed = [one for one in said if one.plan != one.before]
    back = f"排班 {';'.join(one.again for one in changed)}"
    return render(
        "rostered",
        count=len(said),
        people=len({one.person.id for one in said}),
        lines=[_line(one, today) for one in said[:SHOWN]],
        more=max(0, len(said) - SHOWN),
        back=back if changed and _fits(back) else "",
        example=said[0].person.name,
    )


def _fits(say: str) -> bool:
    """Whether a button can carry it."""
    try:
        wire(say)
    except ValueError:
        return False
    return True


def clash_line(clash: tuple[DayPlan, DayPlan], today: date) -> str:
    """Both shifts that cannot be at once."""
    return " 和 ".join(f"{_day(plan.day, today)} {say_hours(plan.hours)}" for plan in clash)


def own_roster_card(person: Person, plans: Sequence[DayPlan], today: date, *, own: bool) -> Card:
    """Somebody's next days, as far as they are known."""
    ahead = sorted(plans, key=lambda plan: plan.day)
    first = ahead[0] if ahead and ahead[0].day == today else None
    return render(
        "own_roster",
        who="你" if own else person.name,
        own=own,
        today=say_hours(first.hours) if first else "",
        lines=[f"{_day(plan.day, today)} {say_hours(plan.hours)}" for plan in ahead if plan is not first][
            :10
        ],
    )


def store_roster_card(
    unit: str, everybody: Sequence[Person], known: Known, first: date, last: date, today: date, *, leads: bool
) -> Card:
    """A store's days with who works, or one day with everybody's hours."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    one = days[0] if len(days) == 1 else None
    lines = (
        _hours_of(everybody, known, one) if one else [_workers(everybody, known, day, today) for day in days]
    )
    return render(
        "store_roster",
        unit=unit,
        what=_day(one, today) if one else f"{len(days)} 天",
        lines=lines[:10],
        more=max(0, len(lines) - 10),
        empty=not known,
        leads=leads,
        example=everybody[-1].name,
        days=[] if one else [(say_date(day, today), day.isoformat()) for day in days[:3]],
    )


def _workers(everybody: Sequence[Person], known: Known, day: date, today: date) -> str:
    plans = [(person, known.get((person.id, day))) for person in everybody]
    names = [person.name for person, plan in plans if plan is not None and plan.hours]
    unknown = sum(plan is None for _, plan in plans)
    if unknown == len(plans):
        return f"{_day(day, today)} 还没排"
    told = "、".join(names[:NAMES]) + (f" 等 {len(names)} 人" if len(names) > NAMES else "")
    rest = f"({unknown} 人没排)" if unknown else ""
    return f"{_day(day, today)} {told or '都休'}{rest}"


def _hours_of(everybody: Sequence[Person], known: Known, day: date) -> list[str]:
    """Those who work first, by the hour they come."""
    plans = [(person, known.get((person.id, day))) for person in everybody]
    plans.sort(
        key=lambda pair: (
            pair[1] is None,
            not (pair[1] and pair[1].hours),
            say_hours(pair[1].hours) if pair[1] else "",
        )
    )
    return [f"{person.name} {say_hours(plan.hours) if plan else '没排'}" for person, plan in plans]


def _line(said: Said, today: date) -> str:
    now = "待定" if said.plan is None else say_hours(said.plan.hours)
    line = f"{said.person.name} {_day(said.day, today)} {now}"
    if said.before is None or said.before == said.plan:
        return line
    return f"{line}(原来{say_hours(said.before.hours)})"


def _day(day: date, today: date) -> str:
    """今天 23日, 周五 27日, 12月5日."""
    near = say_date(day, today)
    return near if near == say_day(day, today) else f"{near} {day.day}日"
