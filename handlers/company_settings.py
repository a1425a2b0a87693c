"""设置: what holds in the company of the reminders, and how it is changed, for those who run it."""

from __future__ import annotations

from cards.settings import one_card, overview_card
from chat.answers import Answer
from handlers.asking import Asking, shown
from handlers.hearing import named
from handlers.route import Role, Route
from okr.refusals import NotForYou


async def settings(asking: Asking) -> Answer:
    """设置 · 设置 进度预警"""
    if asking.asker.number not in asking.policy.admins:
        raise NotForYou("看公司的设置", "管理员")
    if not asking.rest:
        return shown(overview_card(asking.policy), in_place=asking.pressed, restricted=True)
    reminder = named(asking.rest.split()[0], say="设置 {}")
    return shown(one_card(reminder, asking.policy), in_place=asking.pressed, restricted=True)


ROUTES = (
    Route(
        words=("设置",),
        handle=settings,
        topic="其他",
        does="公司的提醒怎么设的、怎么改",
        examples=("设置", "设置 进度预警"),
        role=Role.ADMIN,
    ),
)
