"""What one wants to hear unasked: 提醒设置, 别提醒, 稍后提醒, 为什么收到, 知道了."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.moments import say_moment
from okr.reminding import ALWAYS, SPEAKING, Reminder, is_mandatory
from storage import openings, reminded, wishes
from storage.reminded import Told
from storage.wishes import EVERYTHING, Wish

LATER = timedelta(hours=2)
MORNING = time(9)
ANY_TIME = ("不限", "随便", "什么时候都行")
_TIME = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})|点(?:以后)?)")
LAST_HOUR, LAST_MINUTE = 23, 59
AS_A_DAY_BEGINS = ("开工卡", "开工提醒", "早报")
IN_GROUPS = ("群里喝彩", "群喝彩", "群里夸我")
OFF, ON = ("关", "关掉", "关闭", "不要"), ("开", "打开", "开启", "要")


async def settings(asking: Asking) -> Answer:
    """提醒设置 · 提醒设置 周报 关"""
    name, _, switch = asking.rest.rpartition(" ")
    if switch in (*OFF, *ON) and name in IN_GROUPS:
        return await _praise(asking, wanted=switch in ON)
    if switch in (*OFF, *ON) and name in AS_A_DAY_BEGINS:
        return await _opening(asking, wanted=switch in ON)
    if name and (clock := _clock(switch)) is not None:
        return await _time(
            asking, named(name.removesuffix("时间").strip(), say="提醒设置 {} " + switch), clock
        )
    if switch in (*OFF, *ON) and name:
        return await _switch(asking, named(name), wanted=switch in ON)
    known = await wishes.of(asking.session, asking.asker.id, asking.now)
    lines = [
        {
            "name": reminder.called,
            "always": reminder in ALWAYS,
            "on": wishes.silences(known, reminder, "") is None and is_on(asking, reminder),
            "time": wishes.time_of(known, reminder),
        }
        for reminder in SPEAKING
    ]
    praise = wishes.silences(known, wishes.GROUP_PRAISE, "") is None
    about = [wish.subject for wish in known if wish.subject and not wish.wanted and wish.until is None]
    opening = next(
        (wish.wanted for wish in known if wish.reminder == openings.KEY and wish.until is None), None
    )
    card = notice(
        "reminder_settings",
        lines=lines,
        silenced=about,
        praise=praise,
        opening=asking.policy.opening_card if opening is None else opening,
    )
    return shown(card, restricted=True)


def is_on(asking: Asking, reminder: Reminder) -> bool:
    rule = asking.policy.reminders.get(reminder)
    return rule is None or rule.of(asking.asker).on


def numbers_of(asking: Asking, reminder: Reminder) -> Mapping[str, Any]:
    """The thresholds as they hold for the asker."""
    rule = asking.policy.reminders.get(reminder)
    return {} if rule is None else rule.of(asking.asker).numbers


def named(words: str, among: Sequence[Reminder] = SPEAKING, say: str = "提醒设置 {} 关") -> Reminder:
    """A reminder by a part of its name, its number in the list, or its key. Raises Misunderstood with those there are."""
    said = words.strip().removesuffix("提醒") or words
    if said.isdecimal() and 0 < int(said) <= len(Reminder):
        fits = [one for one in (list(Reminder)[int(said) - 1],) if one in among]
    else:
        fits = [one for one in among if said in one.called or words.strip() == one]
    if len(fits) == 1:
        return fits[0]
    choices = [Choice(one.called[:20], say.format(one.called)) for one in (fits or among)[:6]]
    raise Misunderstood(question("which", choices, what="说的是哪一种提醒?"))


async def _switch(asking: Asking, reminder: Reminder, *, wanted: bool) -> Answer:
    if reminder in ALWAYS and not wanted:
        return shown(notice("reminder_always", name=reminder.called, sales=False), restricted=True)
    rule = asking.policy.reminders.get(reminder)
    if not wanted and rule is not None and is_mandatory(reminder, rule, asking.asker):
        return shown(notice("reminder_always", name=reminder.called, sales=True), restricted=True)
    await wishes.say(asking.session, asking.asker.id, Wish(reminder, "", wanted, None), asking.now)
    return shown(
        notice("reminder_switched", name=reminder.called, subject="", on=wanted),
        in_place=True,
        restricted=True,
    )


def _clock(word: str) -> str | None:
    """`14:00` of 14:00 and 14点, empty of 不限; None of what is no time."""
    if word in ANY_TIME:
        return ""
    found = _TIME.fullmatch(word)
    if found is None or int(found["hour"]) > LAST_HOUR or int(found["minute"] or 0) > LAST_MINUTE:
        return None
    return f"{int(found['hour']):02}:{int(found['minute'] or 0):02}"


async def _time(asking: Asking, reminder: Reminder, clock: str) -> Answer:
    """From which time of day one wants to hear of it."""
    if reminder in ALWAYS:
        return shown(notice("reminder_always", name=reminder.called, sales=False), restricted=True)
    await wishes.say_time(asking.session, asking.asker.id, reminder, clock, asking.now)
    return shown(
        notice("reminder_time", name=reminder.called, time=clock, store=bool(asking.asker.store)),
        restricted=True,
    )


async def _praise(asking: Asking, *, wanted: bool) -> Answer:
    """Whether groups may hear of what one has done."""
    wish = Wish(wishes.GROUP_PRAISE, "", wanted, None)
    await wishes.say(asking.session, asking.asker.id, wish, asking.now)
    return shown(notice("group_praise", on=wanted), in_place=asking.pressed, restricted=True)


async def _opening(asking: Asking, *, wanted: bool) -> Answer:
    """The card with one's own progress as one's day begins; off also means that what was left is not asked about."""
    await wishes.say(asking.session, asking.asker.id, Wish(openings.KEY, "", wanted, None), asking.now)
    return shown(
        notice("opening_switched", on=wanted, store=bool(asking.asker.store)),
        in_place=asking.pressed,
        restricted=True,
    )


async def mute(asking: Asking) -> Answer:
    """别提醒: the kind that came last · 别提醒 KR34: nothing about this one"""
    ref, _ = take_ref(asking.rest, "KR")
    if ref is not None:
        wish = Wish(EVERYTHING, str(ref), wanted=False, until=None)
        await wishes.say(asking.session, asking.asker.id, wish, asking.now)
        return shown(notice("reminder_switched", name="", subject=str(ref), on=False), restricted=True)
    if asking.rest:
        return await _switch(asking, named(asking.rest), wanted=False)
    told = await _last(asking)
    if told.mark.reminder == openings.KEY:
        return await _opening(asking, wanted=False)
    return await _switch(asking, Reminder(told.mark.reminder), wanted=False)


async def later(asking: Asking) -> Answer:
    """稍后提醒 (in two hours) · 稍后提醒 明天 · 稍后提醒 下周"""
    told = await _last(asking)
    until = _until(asking)
    mark = told.mark
    wish = Wish(mark.reminder, mark.subject, wanted=False, until=until)
    await wishes.say(asking.session, asking.asker.id, wish, asking.now)
    again = Letter(
        asking.asker.id,
        told.card,
        f"later:{asking.asker.id}:{mark.reminder}:{mark.subject}:{until.isoformat()}",
        told.urgency,
        mark=mark,
    )
    when = say_moment(until, asking.now, asking.policy.zone)
    return Answer(notice("reminder_later", when=when), in_place=True, restricted=True, letters=(again,))


def _until(asking: Asking) -> datetime:
    days = 7 - asking.today.weekday() if "周" in asking.rest else 1 if asking.rest.startswith("明") else 0
    if not days:
        return asking.now + LATER
    return datetime.combine(asking.today + timedelta(days=days), MORNING, asking.now.tzinfo)


async def why_told(asking: Asking) -> Answer:
    """为什么收到: the rule behind the last message, with the numbers of then"""
    told = await _last(asking)
    opening = told.mark.reminder == openings.KEY
    name = AS_A_DAY_BEGINS[0] if opening else Reminder(told.mark.reminder).called
    return shown(
        notice(
            "why_told",
            name=name,
            title=told.title,
            facts=told.mark.facts,
            when=say_moment(told.at, asking.now, asking.policy.zone),
            always=not opening and Reminder(told.mark.reminder) in ALWAYS,
        ),
        restricted=True,
    )


async def _last(asking: Asking) -> Told:
    """The last reminder the asker has been sent. Raises Misunderstood where there was none."""
    told = await reminded.last_told(asking.session, asking.asker.id)
    if told is None:
        raise Misunderstood(notice("nothing_told"))
    return told


async def seen(_: Asking) -> Answer:
    """知道了: nothing more is to be done."""
    return shown(notice("seen"), in_place=True, restricted=True)


ROUTES = (
    Route(
        words=("提醒设置",),
        handle=settings,
        topic="其他",
        does="看和改我的提醒开关",
        examples=("提醒设置", "提醒设置 进展更新 关", "提醒设置 进展更新 14:00"),
    ),
    Route(
        words=("别提醒",),
        handle=mute,
        topic="其他",
        does="刚收到的这种提醒不要了,或者不要再提某一个",
        examples=("别提醒", "别提醒 {kr}"),
    ),
    Route(
        words=("稍后提醒",),
        handle=later,
        topic="其他",
        does="刚收到的提醒晚点再说",
        examples=("稍后提醒", "稍后提醒 明天"),
    ),
    Route(
        words=("为什么收到",),
        handle=why_told,
        topic="其他",
        does="刚才那条提醒按哪条规矩来的",
        examples=("为什么收到",),
    ),
    Route(
        words=("知道了",), handle=seen, topic="其他", does="看到了", examples=("知道了",), alone=("知道了",)
    ),
)
