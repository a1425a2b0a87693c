"""数据源 and 忽略数据: for who looks after the business data."""

from __future__ import annotations

from datetime import timedelta

from cards.notices import notice
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.route import Role, Route
from okr.moments import say_moment
from okr.refusals import NotForYou
from storage import sources

QUIET = timedelta(days=7)


def _require_steward(asking: Asking, what: str) -> None:
    policy = asking.policy
    if asking.asker.number not in policy.data_stewards | policy.admins:
        raise NotForYou(what, "数据管理员")


async def show(asking: Asking) -> Answer:
    """数据源"""
    _require_steward(asking, "看数据源")
    rows = [
        {
            "name": one.name,
            "when": say_moment(one.newest_at, asking.now, asking.policy.zone) if one.newest_at else "",
            "unmapped": one.unmapped,
        }
        for one in await sources.everything(asking.session)
    ]
    return shown(notice("data_sources", rows=rows[:9], more=max(0, len(rows) - 9)), restricted=True)


async def ignore(asking: Asking) -> Answer:
    """忽略数据 POS"""
    _require_steward(asking, "忽略数据提醒")
    known = await sources.everything(asking.session)
    said = asking.rest.casefold()
    found = next((one for one in known if one.name.casefold() == said), None)
    if found is None:
        raise Misunderstood(
            notice("no_such_source", said=asking.rest[:20], names=[one.name for one in known][:5])
        )
    until = asking.now + QUIET
    await sources.ignore(asking.session, found.id, until)
    return shown(notice("source_ignored", source=found.name, days=QUIET.days), in_place=True)


ROUTES = (
    Route(
        words=("数据源",),
        handle=show,
        topic="管理",
        does="业务数据从哪里来,到哪一天了",
        examples=("数据源",),
        role=Role.ADMIN,
    ),
    Route(
        words=("忽略数据",),
        handle=ignore,
        topic="管理",
        does="一个数据源的毛病,一周里不再提醒",
        examples=("忽略数据 POS",),
        role=Role.ADMIN,
    ),
)
