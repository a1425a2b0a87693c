"""设置: what holds in the company of the reminders, changed in chat by who runs it: seen before, kept with its history, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from cards.notices import Choice, notice, question
from cards.settings import (
    Kept,
    asked_card,
    changes_card,
    kept_card,
    one_card,
    overview_card,
    say_change,
    say_place,
    say_value,
)
from chat.answers import Answer, Letter, Urgency
from handlers import mechanisms
from handlers.asking import Asking, Misunderstood, shown
from handlers.hearing import named
from handlers.reading.company_words import Said, fields_of, of_company, of_reminder, take_whom
from handlers.reading.people import find_people
from handlers.route import Role, Route
from handlers.settling import Settling
from okr.amendments import MECHANISM, PERSON, UNIT, Amendment
from okr.refusals import NoSuchPerson, NotForYou
from okr.reminding import ALWAYS, Reminder, ReminderRule
from storage import openings, people, settings_changes

HISTORY = ("记录", "改动", "历史")
BACK = ("恢复", "还原")
SHOWN = 8
"""Changes on one card."""
_MECHANISM = re.compile("目标机制|门店机制|机制")


async def settings(asking: Asking) -> Answer:
    """设置 · 设置 进度预警 · 设置 进度预警 偏慢 15 · 设置 记录 · 设置 恢复 7"""
    if asking.asker.number not in asking.policy.admins:
        raise NotForYou("看和改公司的设置", "管理员")
    if not asking.rest:
        opening = await openings.read_rate(asking.session, asking.now - timedelta(days=7), asking.policy.zone)
        return shown(overview_card(asking.policy, opening), in_place=asking.pressed, restricted=True)
    first, _, rest = asking.rest.partition(" ")
    if _MECHANISM.search(asking.rest):
        return await _mechanism(asking, _MECHANISM.sub(" ", asking.rest).strip())
    if first in HISTORY:
        return await _history(asking)
    if first in BACK:
        return await _back(asking, rest)
    company = of_company(asking.rest)
    if company is not None:
        return await _change(asking, None, company, "")
    return await _of_reminder(asking)


async def _mechanism(asking: Asking, words: str) -> Answer:
    """设置 机制 · 设置 机制 西湖店 周更新"""
    if not words:
        return shown(await mechanisms.overview(asking), in_place=asking.pressed, restricted=True)
    return await _amend(asking, await mechanisms.wanted(asking, words), f"设置 {asking.rest}")


async def _of_reminder(asking: Asking) -> Answer:
    whom, words = await _whom(asking)
    first, _, rest = words.partition(" ")
    reminder = named(_untimed(first), say="设置 {}")
    if _untimed(first) != first:
        rest = f"{first[len(_untimed(first)) :]} {rest}"
    rule = asking.policy.reminders.get(reminder, ReminderRule())
    if not rest and not whom:
        return shown(one_card(reminder, asking.policy), in_place=asking.pressed, restricted=True)
    said = of_reminder(reminder, rule, rest)
    if said is None:
        names = [name for name, _ in fields_of(rule).values()]
        raise Misunderstood(notice("setting_unclear", name=_short(reminder), fields=names, said=rest))
    return await _change(asking, reminder, said, whom)


def _untimed(word: str) -> str:
    """周报 of 周报时间 and 周报门店时间."""
    for ending in ("办公室时间", "门店时间", "发起时间", "关闭时间", "时间"):
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending)
    return word


def _short(reminder: Reminder) -> str:
    return reminder.called.removesuffix("提醒")


async def _whom(asking: Asking) -> tuple[str, str]:
    """`unit:西湖店` or `person:E0102`, and the words without it. Raises NoSuchPerson."""
    for start, end, name in find_people(asking.rest):
        by_number = await people.by_number(asking.session, name)
        found = [by_number] if by_number is not None else []
        if not found and asking.rest[start] == "@":
            found = await people.by_name(asking.session, name)
            if not found:
                raise NoSuchPerson(name)
        if len(found) > 1:
            choices = [
                Choice(
                    f"{one.name} {one.unit}"[:20],
                    f"设置 {asking.rest[:start]}{one.number}{asking.rest[end:]}",
                )
                for one in found[:6]
            ]
            raise Misunderstood(question("which", choices, what=f"有 {len(found)} 个{found[0].name},哪一个?"))
        if found:
            rest = " ".join(f"{asking.rest[:start]} {asking.rest[end:]}".split())
            return f"{PERSON}{found[0].number}", rest.removesuffix(" 对").removeprefix("对 ")
    tokens = [one.removeprefix("对") for one in asking.rest.split()]
    units = [one for one in {tokens[0], tokens[-1]} if one and await people.in_unit(asking.session, one, 1)]
    unit, words = take_whom(asking.rest, units)
    return (f"{UNIT}{unit}" if unit else ""), words


async def _change(asking: Asking, reminder: Reminder | None, said: Said, whom: str) -> Answer:
    """Ask back with what it would do; once that is confirmed, keep it."""
    name = _short(reminder) if reminder else ""
    if said.value is None:
        old = say_value(_desk(asking).now_is(said.key), Amendment(said.key, None))
        raise Misunderstood(notice("setting_value", name=name, field=said.field, old=old))
    if reminder in ALWAYS and said.key.endswith(".enabled") and not said.value:
        raise Misunderstood(notice("reminder_always", name=reminder.called if reminder else "", sales=False))
    key = said.key
    if whom and key.startswith("schedule."):
        key = f"reminders.{reminder}.schedule"
    if whom and reminder is None:
        raise Misunderstood(notice("setting_for_all", field=said.field))
    return await _amend(asking, Amendment(key, said.value, whom), f"设置 {asking.rest}")


async def _amend(asking: Asking, amendment: Amendment, say: str) -> Answer:
    desk = _desk(asking)
    refused = desk.refused(amendment)
    if refused:
        return shown(notice("setting_refused", what=_called(amendment, asking), why=refused), restricted=True)
    was = desk.now_is(amendment.key, amendment.whom)
    if was == amendment.value:
        return shown(
            notice("setting_same", what=_called(amendment, asking), value=say_value(was, amendment)),
            in_place=asking.pressed,
            restricted=True,
        )
    since = mechanisms.coming(asking) if amendment.key == MECHANISM else ""
    if not asking.confirmed:
        outlook = await desk.outlook(asking.session, amendment, asking.today)
        return shown(
            asked_card(
                _called(amendment, asking), was, amendment, outlook.more, outlook.less, say, since=since
            ),
            restricted=True,
        )
    number = await settings_changes.record(asking.session, amendment, was, asking.asker.id, asking.now)
    desk.touched()
    card = kept_card(number, _called(amendment, asking), was, amendment, since)
    return Answer(
        card,
        in_place=True,
        restricted=True,
        letters=await _to_the_others(asking, number, amendment, was, since),
    )


async def _to_the_others(
    asking: Asking, number: int, amendment: Amendment, was: Any, since: str
) -> tuple[Letter, ...]:
    """The other admins hear of it: what holds is theirs, too."""
    step = say_change(was, amendment)
    card = notice(
        "setting_changed",
        number=number,
        by=asking.asker.name,
        what=_called(amendment, asking),
        step=step,
        since=since,
    )
    others = await people.by_numbers(asking.session, sorted(asking.policy.admins - {asking.asker.number}))
    return tuple(Letter(one.id, card, f"setting:{number}:{one.id}", Urgency.COLLABORATION) for one in others)


async def _history(asking: Asking) -> Answer:
    """设置 记录: who changed what, the newest first."""
    found = await settings_changes.latest(asking.session, SHOWN)
    rows = [
        Kept(one.id, one.at, one.by, _called(one.amendment, asking), one.was, one.amendment) for one in found
    ]
    return shown(changes_card(rows, asking.now, asking.policy.zone), in_place=asking.pressed, restricted=True)


async def _back(asking: Asking, words: str) -> Answer:
    """设置 恢复 7: what that change changed is as it was before it."""
    number = words.strip(" #")
    change = await settings_changes.by_id(asking.session, int(number)) if number.isdecimal() else None
    if change is None:
        return await _history(asking)
    before = await settings_changes.before(asking.session, change)
    return await _amend(asking, before, f"设置 恢复 {change.id}")


def _called(amendment: Amendment, asking: Asking) -> str:
    """目标进度预警 偏慢(西湖店)."""
    return say_place(amendment, asking.policy)


def _desk(asking: Asking) -> Settling:
    assert asking.settling is not None, "the running bot has one"
    return asking.settling


ROUTES = (
    Route(
        words=("设置",),
        handle=settings,
        topic="其他",
        does="公司的提醒怎么设的,在这里改、看记录、恢复",
        examples=(
            "设置",
            "设置 进度预警 偏慢 15",
            "设置 周报时间 周五 16:00",
            "设置 机制 {store} 周更新",
            "设置 记录",
        ),
        role=Role.ADMIN,
    ),
)
