"""设置: the reminders as the company wants them, and how that is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from cards.templating import render
from chat.card import Card
from okr.policy import Policy
from okr.reminding import ALWAYS, SPEAKING, Reminder, ReminderRule
from okr.schedule import When
from okr.windows import Hours, SendWindow


def overview_card(policy: Policy) -> Card:
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
        first=SPEAKING[0].called.removesuffix("提醒"),
    )


def one_card(reminder: Reminder, policy: Policy) -> Card:
    rule = policy.reminders.get(reminder, ReminderRule())
    return render(
        "setting",
        key=str(reminder),
        name=reminder.called,
        on=rule.on,
        always=reminder in ALWAYS,
        numbers=_numbers(rule)[:5],
        some=len(rule.exceptions),
        schedule=_schedule(policy.schedule.get(str(reminder), {})),
        example=f"reminders: {{{reminder}: {{{_example(rule)}}}}}",
    )


def _numbers(rule: ReminderRule) -> list[str]:
    return [f"{rule.meanings.get(name, name)}:{_said(value)}({name})" for name, value in rule.numbers.items()]


def _example(rule: ReminderRule) -> str:
    name, value = next(iter(rule.numbers.items()), ("enabled", "false"))
    return (
        f"{name}: [{', '.join(str(one) for one in value)}]"
        if isinstance(value, tuple)
        else f"{name}: {value}"
    )


def _said(value: Any) -> str:
    return "/".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def _schedule(said: Mapping[str, When]) -> str:
    return "、".join(
        " ".join(part for part in (slot, when.instead_of("- - - - -")) if part) for slot, when in said.items()
    )


def _window(window: SendWindow) -> str:
    if window.always:
        return "什么时候都可以"
    store = "门店在自己的班里" if window.store is None else f"门店 {_hours(window.store)}"
    return f"办公室 {_hours(window.office)},{store}"


def _hours(hours: Hours) -> str:
    return "-".join(f"{one:%H:%M}" if isinstance(one, time) else str(one) for one in hours)
