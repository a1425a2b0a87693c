"""Which annual direction an objective belongs to, and who may set one."""

from __future__ import annotations

from cards.sayings import o_name
from handlers import goals
from handlers.asking import Asking
from okr.objectives import Objective
from okr.refusals import NoSuchGoal, NotForYou
from storage import directions, people


async def name_of(asking: Asking, objective: Objective) -> str:
    """The annual direction that an objective belongs to, itself or by what it supports; empty where there is none."""
    direction_id, exception = await directions.above(asking.session, objective.id)
    if direction_id is None:
        return f"例外:{exception}" if exception else ""
    found = await _seen(asking, direction_id)
    return o_name(found) if found else ""


async def _seen(asking: Asking, direction_id: int) -> Objective | None:
    """The direction, where the asker may see it."""
    try:
        return await goals.objective_by_number(asking, direction_id)
    except NoSuchGoal:
        return None


async def is_missing(asking: Asking, objective: Objective) -> bool:
    """Whether a quarter's objective names no annual direction, by itself or by what it supports, and is no exception."""
    if directions.is_annual(objective.cycle):
        return False
    return await directions.above(asking.session, objective.id) == (None, "")


async def require_leader(asking: Asking) -> None:
    """Raises NotForYou unless the asker leads somebody or runs the bot: an annual direction is many people's."""
    me = asking.asker
    if me.number not in asking.policy.admins and not await people.leads_anybody(asking.session, me.id):
        raise NotForYou("定年度方向", "带团队的人")
