"""订阅: to hear once a day what has happened to a goal or to a unit's goals. Said in a group, the group hears of it."""

from __future__ import annotations

from cards.followed import follows_card
from cards.notices import notice
from chat.answers import Answer
from chat.events import ChatKind
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import State, Visibility
from okr.refusals import NoSuchGoal, NotInForce
from storage import follows, people
from storage.follows import Follower


async def follow(asking: Asking) -> Answer:
    """订阅 O12 · 订阅 KR34 · 订阅 华东区 · 订阅"""
    follower = _follower(asking)
    if not asking.rest and not asking.about:
        return await _shown(asking, follower)
    target = await _target(asking)
    new = await follows.follow(asking.session, follower, target, asking.now)
    return await _shown(asking, follower, "followed" if new else "already", target)


async def unfollow(asking: Asking) -> Answer:
    """取消订阅 O12; also what one may not see any more."""
    follower = _follower(asking)
    known = await follows.of(asking.session, follower)
    ref, _ = take_ref(asking.rest or asking.about, "KR")
    target = str(ref) if ref is not None else asking.rest.strip()
    if not target and len(known) == 1:
        target = known[0]
    if not target:
        return await _shown(asking, follower)
    gone = await follows.unfollow(asking.session, follower, target)
    return await _shown(asking, follower, "ended" if gone else "never", target)


def _follower(asking: Asking) -> Follower:
    where = asking.event.conversation
    if where.kind is ChatKind.GROUP:
        return Follower(None, str(where.platform), where.id)
    return Follower(asking.asker.id)


async def _target(asking: Asking) -> str:
    """`O12`, `KR34`, or the name of a unit. Raises NoSuchGoal, NotInForce; Misunderstood for a group and what only some may see."""
    ref, _ = take_ref(asking.rest or asking.about, "KR")
    if ref is None or ref.kind not in ("O", "KR"):
        unit = asking.rest.strip()
        if not unit or not await people.in_unit(asking.session, unit, 1):
            raise NoSuchGoal(unit or "目标")
        return unit
    if ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
    else:
        objective, _kr = await goals.key_result(asking, ref.number)
    if objective.state is not State.ACTIVE:
        raise NotInForce(str(ref), str(objective.state))
    if asking.event.conversation.kind is ChatKind.GROUP and objective.visibility is not Visibility.PUBLIC:
        raise Misunderstood(notice("follow_elsewhere", ref=str(ref)))
    return str(ref)


async def _shown(asking: Asking, follower: Follower, what: str = "", target: str = "") -> Answer:
    targets = await follows.of(asking.session, follower)
    ref, _ = take_ref(target, "KR")
    return shown(
        follows_card(targets, group=follower.employee_id is None, what=what, target=target, unit=ref is None)
    )


ROUTES = (
    Route(
        words=("订阅", "我的订阅"),
        handle=follow,
        topic="一起做",
        does="目标有变化每天告诉我一次;在群里发就告诉群",
        examples=("订阅 {o}", "订阅 {unit}"),
    ),
    Route(
        words=("取消订阅",),
        handle=unfollow,
        topic="一起做",
        does="不再订阅",
        examples=("取消订阅 {o}",),
    ),
)
