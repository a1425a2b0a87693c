"""数据源, 重试同步 and 忽略数据: for who looks after the business data."""

from __future__ import annotations

from datetime import timedelta

from cards.notices import notice
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.route import Role, Route
from okr.moments import say_moment
from okr.pulling import Trouble
from okr.refusals import NotForYou
from storage import sources
from storage.sources import Source

QUIET = timedelta(days=7)
SHOWN = 9


def _require_steward(asking: Asking, what: str) -> None:
    policy = asking.policy
    if asking.asker.number not in policy.data_stewards | policy.admins:
        raise NotForYou(what, "数据管理员")


async def show(asking: Asking) -> Answer:
    """数据源"""
    _require_steward(asking, "看数据源")
    known = await sources.everything(asking.session)
    rows = [
        {
            "name": one.name,
            "when": say_moment(one.newest_at, asking.now, asking.policy.zone) if one.newest_at else "",
            "unmapped": one.unmapped,
            "trouble": _trouble(one, asking),
        }
        for one in known
    ]
    rows.sort(key=lambda row: not row["trouble"])
    again = next((row["name"] for row in rows if row["name"] in asking.policy.pulled), "")
    card = notice(
        "data_sources",
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        troubled=sum(bool(row["trouble"]) for row in rows),
        again=again,
    )
    return shown(card, restricted=True)


def _trouble(source: Source, asking: Asking) -> str:
    if source.failures:
        return f"连着 {source.failures} 次没拉到,{Trouble(source.error).called}"
    return "该来的没来" if sources.is_silent(source, asking.policy, asking.now) else ""


async def again(asking: Asking) -> Answer:
    """重试同步 收银台"""
    _require_steward(asking, "重新拉数据")
    found = await _meant(asking, "重试同步")
    if found.name not in asking.policy.pulled:
        return shown(notice("source_pushes", source=found.name))
    await sources.ask_again(asking.session, found.id, asking.asker.id, asking.now)
    return shown(notice("source_asked", source=found.name))


async def _meant(asking: Asking, word: str) -> Source:
    """The source that is named; without a name the only one there is."""
    known = await sources.everything(asking.session)
    said = asking.rest.casefold()
    found = [one for one in known if one.name.casefold() == said] or (
        known if not said and len(known) == 1 else []
    )
    if not found:
        names = [one.name for one in known][:5]
        raise Misunderstood(notice("no_such_source", said=asking.rest[:20], names=names, word=word))
    return found[0]


async def ignore(asking: Asking) -> Answer:
    """忽略数据 POS"""
    _require_steward(asking, "忽略数据提醒")
    found = await _meant(asking, "忽略数据")
    until = asking.now + QUIET
    await sources.ignore(asking.session, found.id, until)
    return shown(notice("source_ignored", source=found.name, days=QUIET.days), in_place=True)


ROUTES = (
    Route(
        words=("重试同步", "重新同步"),
        handle=again,
        topic="管理",
        does="一个数据源现在就再拉一次",
        examples=("重试同步 收银台",),
        role=Role.ADMIN,
    ),
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
