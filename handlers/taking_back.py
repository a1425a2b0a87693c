"""撤销: what I have just reported is taken back; the history keeps both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.notices import notice
from cards.sayings import kr_name, say_value
from chat.answers import Answer
from handlers import day_actions, goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.recording import entry_of
from handlers.route import Route
from okr.objectives import Kind
from okr.refusals import NothingToTakeBack, TooLateToTakeBack
from storage import check_ins, objectives, roll_ups


async def take_back(asking: Asking) -> Answer:
    """撤销 KR34; without an id my newest report."""
    ref, _ = take_ref(asking.rest)
    if ref is not None and ref.kind == "A":
        return await day_actions.take_back(asking, ref.number)
    since = asking.now - timedelta(hours=asking.policy.undo_hours)
    if not asking.rest and not asking.about:
        newest = await check_ins.newest_of(asking.session, asking.asker.id, since)
        if newest is None:
            _, _ = await goals.own_refs(asking)
            return shown(notice("nothing_recent", mine=(await goals.own_refs(asking))[0]))
        goal = await goals.key_result(asking, newest.kr_id, lock=True)
    else:
        goal, _ = await goals.meant(asking, "撤销")
        newest = await check_ins.latest_by(asking.session, goal[1].id, asking.asker.id)
    kr = goal[1]
    if newest is None:
        raise NothingToTakeBack(kr.ref)
    if newest.recorded_at < since:
        raise TooLateToTakeBack(kr.ref, newest.recorded_at, asking.policy.undo_hours)
    await check_ins.take_back(
        asking.session, newest, replace(entry_of(asking, kr, asking.now), takes_back=newest.id)
    )
    if kr.measure.kind is Kind.MILESTONE and newest.note:
        undone = tuple(replace(m, done=False) if m.title == newest.note else m for m in kr.measure.milestones)
        await objectives.mark_milestones(asking.session, kr, undone)
    objective, now = await goals.key_result(asking, kr.id)
    await roll_ups.follow(asking.session, objective, asking.now)
    what = f"信心 {newest.confidence}/10" if newest.value is None else say_value(kr, newest.value)
    return shown(
        notice(
            "taken_back",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            what=what if newest.value is not None or newest.confidence is not None else "说明",
            now=say_value(now, now.value),
            redo=newest.value is not None,
        ),
        in_place=True,
    )


ROUTES = (
    Route(
        words=("撤销", "报错了"),
        handle=take_back,
        topic="报进度",
        does="24 小时内收回我刚报的数",
        examples=("撤销 {kr}",),
        alone=("撤销", "报错了"),
    ),
)
