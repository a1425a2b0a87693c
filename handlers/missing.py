"""未制定名单: who has no goals in a cycle yet, for who leads them and for personnel; all of them are reminded with a tap."""

from __future__ import annotations

from cards.alignment_gap import missing_card, unset_card
from cards.notices import notice
from chat.answers import Answer, Letter, Urgency
from handlers import periods
from handlers.asking import Asking, shown
from handlers.reading.periods import take_period
from handlers.route import Role, Route
from okr import permissions
from okr.cycle import Period, quarter_of
from okr.objectives import Cycle
from okr.people import Person
from okr.refusals import NotForYou
from storage import missing_goals, people

REMIND = ("提醒", "催", "全部提醒")


async def missing(asking: Asking) -> Answer:
    """未制定名单 · 未制定名单 2026Q4 · 未制定名单 2026Q4 提醒"""
    period, rest = take_period(asking.rest, asking.today)
    if rest.strip() not in ("", *REMIND):
        return shown(notice("bad_period", said=rest.strip()[:20], cycle=quarter_of(asking.today).name))
    cycle, scope, others = await without_goals(asking, period)
    units: dict[str, list[str]] = {}
    for one in others:
        units.setdefault(one.unit or "没有部门", []).append(one.name)
    ordered = sorted(units.items(), key=lambda unit: -len(unit[1]))
    if not rest.strip() or not others:
        return shown(missing_card(cycle, scope, ordered, None), in_place=asking.pressed, restricted=True)
    left = (cycle.start - asking.today).days
    letters = tuple(
        Letter(one.id, unset_card(cycle, left), _once(cycle.name, one), Urgency.COLLABORATION)
        for one in others
    )
    card = missing_card(cycle, scope, ordered, len(letters))
    return Answer(card, in_place=True, restricted=True, letters=letters)


async def without_goals(asking: Asking, period: Period | None) -> tuple[Cycle, str, list[Person]]:
    """Those of the asker's own who have none in a cycle, and who they are of. Raises NotForYou."""
    cycle = await periods.opened(asking, period or quarter_of(asking.today))
    if permissions.may_assign_to_all(asking.asker, asking.policy):
        scope, found = "全公司", await missing_goals.everybody(asking.session, cycle.id)
    else:
        below = await people.below(asking.session, asking.asker)
        if not below:
            raise NotForYou("看未制定名单", "带团队的人、人事或者管理员")
        scope, found = (
            "你带的人里",
            await missing_goals.among(asking.session, cycle.id, [one.id for one in below]),
        )
    return cycle, scope, [one for one in found if one.id != asking.asker.id]


def _once(cycle: str, person: Person) -> str:
    """Whoever has been written to for this cycle is not written to again, whoever asks for it."""
    return f"unset:{cycle}:{person.id}"


ROUTES = (
    Route(
        words=("未制定名单", "没定目标的"),
        handle=missing,
        topic="带团队",
        does="这个周期谁还没有目标",
        examples=("未制定名单", "未制定名单 {cycle}"),
        role=Role.MANAGER,
    ),
)
