"""今日动作: what is to be done today, written, ticked, moved; a tick moves no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from cards.day_actions import Line, Team, assigned_card, day_actions_card
from cards.day_targets import day_line, say_usual
from cards.notices import notice
from cards.todo import Duty
from chat.answers import Answer, Letter, Urgency
from handlers import day_targets, goals, proposed_actions
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.day_actions import Wanted, read_actions, read_ticks
from handlers.reading.ids import find_refs, take_ref
from handlers.reading.people import match_people
from handlers.rostering import may_plan
from handlers.route import Route
from okr.people import Person
from okr.refusals import NoSuchPerson, NotForYou, NotYours
from storage import day_actions, people
from storage.day_actions import DONE, DROPPED, OPEN, DayAction

FEWEST = 3
"""A team's rate of fewer people is one person's."""
MOST = 8
"""Written at once."""
EVERYBODY = "全店"


async def actions(asking: Asking) -> Answer:
    """今日动作 · 今日动作 KR34 陈列调整; 10点前赠饮; @张三 收银台换海报"""
    ref, rest = take_ref(asking.rest, "KR")
    if not asking.rest:
        return await _list(asking)
    kr_id = None
    if ref is not None and ref.kind == "KR":
        kr_id = (await goals.key_result(asking, ref.number))[1].id
        if not rest:
            return await _list(asking)
    wanted = read_actions(rest if kr_id else asking.rest)[:MOST]
    if not wanted:
        return await _list(asking)
    made = [one for each in wanted for one in await _write(asking, kr_id, each)]
    letters = await _told(asking, made)
    mine = [one for one in made if one.owner_id == asking.asker.id]
    whose = f",{len(letters)} 个人收到了通知" if letters else ""
    refs = "、".join(one.ref for one in made[:4])
    news = f"记下了 {refs}{whose}" if mine or not letters else f"安排了 {refs}{whose}"
    return replace(await _list(asking, news=news), letters=tuple(letters))


async def _write(asking: Asking, kr_id: int | None, wanted: Wanted) -> list[DayAction]:
    owners = await _whom(asking, wanted.who)
    made = []
    for owner in owners:
        action = DayAction(
            0,
            kr_id,
            owner.id,
            asking.asker.id,
            asking.today,
            wanted.words,
            wanted.until,
            OPEN,
            asking.now,
            None,
        )
        made.append(replace(action, id=await day_actions.write(asking.session, action)))
    return made


async def _whom(asking: Asking, who: str) -> list[Person]:
    """Whose it is: the asker's own, or that of somebody whose day he plans. Raises NoSuchPerson, NotForYou."""
    if not who:
        return [asking.asker]
    planned = await may_plan(asking)
    if who == EVERYBODY:
        if not planned:
            raise NotForYou("给全店排动作", "本店店长或上级")
        return [one for one in planned if one.id != asking.asker.id and one.store == asking.asker.store]
    found = match_people(who, [*planned, asking.asker])
    if found:
        return found[:1]
    named = await people.by_number(asking.session, who) or next(
        iter(await people.by_name(asking.session, who)), None
    )
    if named is None:
        raise NoSuchPerson(who)
    raise NotForYou(f"给{named.name}排动作", "本店店长或上级")


async def _told(asking: Asking, made: Sequence[DayAction]) -> list[Letter]:
    """One letter for each who is to do something that somebody else has written down."""
    letters = []
    for owner in dict.fromkeys(one.owner_id for one in made if one.owner_id != asking.asker.id):
        own = [one for one in made if one.owner_id == owner]
        lines = [_line(one, "") for one in own]
        card = assigned_card(asking.asker.name, lines, asking.today)
        letters.append(Letter(owner, card, f"actions:{own[0].id}", Urgency.COLLABORATION))
    return letters


async def _list(asking: Asking, *, news: str = "") -> Answer:
    """The asker's day: to be done, left over, what the day has to bring, and what could be done for it."""
    lines = await listed(asking)
    days = await day_targets.own_days(asking.in_private())
    wanted = f"{day_line(days[0].kr, days[0].target, days[0].brought)} · {days[0].kr.ref}" if days else ""
    few = sum(not one.done for one in lines) < FEWEST
    said = {one.words for one in lines}
    proposals = (
        [one for one in await proposed_actions.propose(asking, days) if one.words not in said] if few else []
    )
    card = day_actions_card(
        lines,
        asking.today,
        wanted=wanted,
        far=say_usual(days[0]) if days and days[0].is_out_of_reach else "",
        proposals=proposals,
        team=await team_of(asking),
        news=news,
    )
    return shown(card, in_place=asking.pressed, restricted=True)


async def listed(asking: Asking) -> list[Line]:
    """What the asker has to do today, and what is left of the days before."""
    found = await day_actions.of(asking.session, asking.asker.id, asking.today)
    names = await people.by_ids(asking.session, sorted({one.by_id for one in found} - {asking.asker.id}))
    return [_line(one, names[one.by_id].name if one.by_id != asking.asker.id else "") for one in found]


def _line(one: DayAction, by: str) -> Line:
    about = f"KR{one.kr_id}" if one.kr_id else ""
    return Line(one.ref, one.words, one.until, one.day, one.done, about, by)


async def team_of(asking: Asking) -> Team | None:
    """How far those are whose day the asker plans; of fewer than three nothing."""
    planned = [one.id for one in await may_plan(asking) if one.id != asking.asker.id]
    if len(planned) < FEWEST:
        return None
    monday = asking.today - timedelta(days=asking.today.weekday())
    week = await day_actions.rate(asking.session, planned, monday, asking.today)
    today = await day_actions.rate(asking.session, planned, asking.today, asking.today)
    if week.people < FEWEST:
        return None
    return Team((today.total, today.done) if today.people >= FEWEST else (0, 0), (week.total, week.done))


# --- what becomes of them ---


async def tick(asking: Asking, numbers: Sequence[int]) -> Answer:
    """完成 A5 A6"""
    done = [await _own(asking, number) for number in dict.fromkeys(numbers)]
    for one in done:
        if one.state == OPEN:
            await day_actions.settle(asking.session, one.id, DONE, asking.now)
    refs = "、".join(one.ref for one in done)
    return await _list(
        asking, news=f"{refs} 做完了 👍" if len(done) > 1 else f"{refs} {done[0].words} 做完了 👍"
    )


async def done_in_words(asking: Asking) -> Answer | None:
    """1和3做完了 · A5和A6做完了; None where the sentence says nothing of the kind."""
    places, refs = read_ticks(asking.text)
    if refs:
        return await tick(asking, refs)
    if not places:
        return None
    found = await day_actions.of(asking.session, asking.asker.id, asking.today)
    wrong = [place for place in places if not 1 <= place <= len(found)]
    if wrong:
        raise Misunderstood(notice("no_such_action", said=f"第 {wrong[0]} 件", count=len(found)))
    return await tick(asking, [found[place - 1].id for place in places])


async def today_after_all(asking: Asking) -> Answer:
    """今天做 A5"""
    one = await _named(asking)
    await day_actions.settle(asking.session, one.id, OPEN, None)
    await day_actions.move(asking.session, one.id, asking.today)
    return await _list(asking, news=f"{one.ref} 挪到今天了")


async def drop(asking: Asking) -> Answer:
    """不做了 A5"""
    one = await _named(asking)
    await day_actions.settle(asking.session, one.id, DROPPED, asking.now)
    return await _list(asking, news=f"{one.ref} 不做了,划掉了")


async def take_back(asking: Asking, number: int) -> Answer:
    """撤销 A5: a tick, or the action itself."""
    one = await _own(asking, number)
    if one.state == OPEN:
        await day_actions.settle(asking.session, one.id, DROPPED, asking.now)
        return await _list(asking, news=f"{one.ref} 撤掉了")
    await day_actions.settle(asking.session, one.id, OPEN, None)
    return await _list(asking, news=f"{one.ref} 又回到没做完")


async def _named(asking: Asking) -> DayAction:
    refs = [ref.number for _, _, ref in find_refs(asking.rest) if ref.kind == "A"]
    if not refs:
        count = len(await day_actions.of(asking.session, asking.asker.id, asking.today))
        raise Misunderstood(notice("no_such_action", said=asking.rest[:20] or "这", count=count))
    return await _own(asking, refs[0])


async def _own(asking: Asking, number: int) -> DayAction:
    """The asker's, or one that he has written for somebody. Raises NotYours."""
    one = await day_actions.by_id(asking.session, number)
    if one is None:
        count = len(await day_actions.of(asking.session, asking.asker.id, asking.today))
        raise Misunderstood(notice("no_such_action", said=f"A{number}", count=count))
    if asking.asker.id not in (one.owner_id, one.by_id):
        owner = await people.by_id(asking.session, one.owner_id)
        raise NotYours(one.ref, owner.name if owner else "")
    return one


async def duties(asking: Asking) -> list[Duty]:
    """What is to be done, for 我的待办: what was left, and what is past its hour, is overdue."""
    now = f"{asking.now:%H:%M}"
    return [
        Duty(
            f"{one.ref} {one.words}{f' {one.until}前' if one.until else ''}",
            f"做完 {one.ref}",
            f"完成 {one.ref}",
            overdue=one.day < asking.today or bool(one.until and one.until < now),
        )
        for one in await day_actions.of(asking.session, asking.asker.id, asking.today)
        if not one.done
    ]


ROUTES = (
    Route(
        words=("今日动作", "今天动作"),
        handle=actions,
        topic="报进度",
        does="今天要做的几件事,做完打勾",
        examples=("今日动作", "今日动作 {kr} 陈列调整; 10点前赠饮"),
    ),
    Route(
        words=("今天做",),
        handle=today_after_all,
        topic="报进度",
        does="没做完的挪到今天",
        examples=("今天做 A5",),
        alone=("今天做",),
    ),
    Route(
        words=("不做了",),
        handle=drop,
        topic="报进度",
        does="这件事不做了",
        examples=("不做了 A5",),
        alone=("不做了",),
    ),
)
