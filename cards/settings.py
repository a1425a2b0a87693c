"""设置: the reminders as the company wants them, how that is changed, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from cards.notices import notice
from cards.templating import render
from chat.card import Card
from okr.amendments import COMPANY, MECHANISM, PERSON, UNIT, Amendment
from okr.mechanism import Mechanism
from okr.moments import say_moment
from okr.numbers import say_percent
from okr.policy import Policy
from okr.reminding import ALWAYS, SPEAKING, Reminder, ReminderRule
from okr.schedule import When, say_when
from okr.windows import Hours, SendWindow


def overview_card(policy: Policy, opening: tuple[int, int] = (0, 0)) -> Card:
    """`opening`: how many cards a day began with in the last week, and how many of them were read."""
    rules = [(reminder, policy.reminders.get(reminder, ReminderRule())) for reminder in SPEAKING]
    return render(
        "settings",
        on=sum(rule.on for _, rule in rules),
        rows=[
            {
                "name": reminder.called,
                "on": rule.on,
                "some": len(rule.exceptions),
            }
            for reminder, rule in rules
        ],
        window=_window(policy.window),
        day=policy.ceiling.day,
        week=policy.ceiling.week,
        opening=_opening(policy, opening),
        first=SPEAKING[0].called.removesuffix("提醒"),
    )


def _opening(policy: Policy, opening: tuple[int, int]) -> str:
    """`开工卡:人人有;近 7 天发了 120 张,当天看过的 68%`."""
    said = "人人有,各人可以关" if policy.opening_card else "各人自己开"
    sent, read = opening
    if not sent:
        return f"开工卡:{said}"
    return f"开工卡:{said};近 7 天发了 {sent} 张,当天按过或来说过话的 {say_percent(Decimal(read) / sent)}"


def one_card(reminder: Reminder, policy: Policy) -> Card:
    rule = policy.reminders.get(reminder, ReminderRule())
    return render(
        "setting",
        key=str(reminder),
        name=reminder.called,
        short=reminder.called.removesuffix("提醒"),
        on=rule.on,
        always=reminder in ALWAYS,
        numbers=_numbers(rule)[:5],
        some=len(rule.exceptions),
        schedule=_schedule(policy.schedule.get(str(reminder), {})),
        example=_example(reminder, rule),
    )


SLOTS = {"office": "办公室时间", "store": "门店时间", "open": "发起时间", "close": "关闭时间"}
EXAMPLES = 4
"""Letters named of what there would be more of, or less."""


def say_place(amendment: Amendment, policy: Policy) -> str:
    """目标进度预警 偏慢, 个人进度周报 门店时间(西湖店), 每天上限."""
    if amendment.key in COMPANY:
        return COMPANY[amendment.key][0]
    whom = amendment.whom.removeprefix(UNIT).removeprefix(PERSON)
    if amendment.key == MECHANISM:
        return f"{whom}的目标机制"
    parts = amendment.key.split(".")
    reminder = Reminder(parts[1])
    if parts[0] == "schedule":
        field = SLOTS.get(parts[-1], "时间")
    elif parts[2] == "schedule":
        field = "时间"
    elif parts[2] == "enabled":
        field = "开关"
    else:
        meanings = policy.reminders.get(reminder, ReminderRule()).meanings
        field = meanings.get(parts[2], parts[2]).partition(":")[0]
    return f"{reminder.called} {field}{f'({whom})' if whom else ''}"


def say_change(was: Any, amendment: Amendment) -> str:
    """10 → 15"""
    return f"{say_value(was, amendment)} → {say_value(amendment.value, amendment)}"


def say_value(value: Any, amendment: Amendment) -> str:
    if value is None:
        return "跟公司的一样" if amendment.whom else "照配置文件"
    if amendment.key == MECHANISM:
        return Mechanism(value).called
    if isinstance(value, bool):
        return "开" if value else "关"
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "没有"
    if isinstance(value, float):
        return f"{value:.0%}" if 0 < value < 1 else f"{value:g}"
    return "在班里" if value == "shift" else say_when(str(value))


def asked_card(
    what: str,
    was: Any,
    amendment: Amendment,
    more: Sequence[str],
    less: Sequence[str],
    say: str,
    since: str = "",
) -> Card:
    """Before it is kept: what it would do today. `since`: the period from which on it holds, empty for at once."""
    return render(
        "questions/setting",
        asks=True,
        live=True,
        what=what,
        step=say_change(was, amendment),
        more=len(more),
        less=len(less),
        some=[*(f"多 {one}" for one in more[:EXAMPLES]), *(f"少 {one}" for one in less[:EXAMPLES])][
            :EXAMPLES
        ],
        counts=amendment.key.startswith("reminders.") and amendment.key not in COMPANY,
        say=say,
        since=since,
    )


def kept_card(number: int, what: str, was: Any, amendment: Amendment, since: str = "") -> Card:
    return notice("setting_kept", number=number, what=what, step=say_change(was, amendment), since=since)


@dataclass(frozen=True, slots=True)
class Kept:
    """A change on record; `what` it is about, in words."""

    number: int
    at: datetime
    by: str
    what: str
    was: Any
    amendment: Amendment


def changes_card(rows: Sequence[Kept], now: datetime, zone: tzinfo) -> Card:
    """The newest first."""
    return notice(
        "setting_changes",
        rows=[
            {
                "number": one.number,
                "when": say_moment(one.at, now, zone),
                "by": one.by or "已离职的同事",
                "what": one.what,
                "step": say_change(one.was, one.amendment),
            }
            for one in rows
        ],
    )


def _numbers(rule: ReminderRule) -> list[str]:
    """偏慢 10(慢多少个百分点算偏慢)"""
    found: list[str] = []
    for name, value in rule.numbers.items():
        short, _, meaning = rule.meanings.get(name, name).partition(":")
        found.append(f"{short} {_said(value)}" + (f"({meaning})" if meaning else ""))
    return found


def _example(reminder: Reminder, rule: ReminderRule) -> str:
    """What can be typed to change its first threshold to what it is."""
    name = reminder.called.removesuffix("提醒")
    first = next(iter(rule.numbers.items()), None)
    if first is None:
        return f"设置 {name} 关"
    return f"设置 {name} {rule.meanings.get(first[0], first[0]).partition(':')[0]} {_said(first[1])}"


def _said(value: Any) -> str:
    return "/".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def _schedule(said: Mapping[str, When]) -> str:
    return "、".join(
        " ".join(part for part in (SLOTS.get(slot, ""), _when(when)) if part) for slot, when in said.items()
    )


def _when(when: When) -> str:
    """Of what is said; days that are not said are the usual ones."""
    if when.weekday or when.day:
        return say_when(when.instead_of("* * * * *"))
    return (
        f"{int(when.hour):02}:{int(when.minute):02}"
        if when.hour.isdecimal() and when.minute.isdecimal()
        else ""
    )


def _window(window: SendWindow) -> str:
    if window.always:
        return "什么时候都可以"
    store = "门店在自己的班里" if window.store is None else f"门店 {_hours(window.store)}"
    return f"办公室 {_hours(window.office)},{store}"


def _hours(hours: Hours) -> str:
    return "-".join(f"{one:%H:%M}" if isinstance(one, time) else str(one) for one in hours)
