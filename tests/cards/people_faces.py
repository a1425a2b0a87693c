"""The cards about people: their working times, their coming and going."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

from cards.binding import letter_about_outcome, letters_to_deciders
from cards.directory_letters import letters_about_many_leavers, letters_about_new_superior
from cards.handover import handed_over_card, preview_card, received_card
from cards.handover_letters import letters_about
from cards.roster import Said, own_roster_card, rostered_card, store_roster_card
from chat.card import Card
from chat.events import Account, PlatformName
from okr.handover import Belongings, Moved, OpenGoal, Redirected
from okr.rosters import DayPlan
from tests.cards.faces import LI
from tests.okr.goals import TODAY
from tests.storage.company import NOON


def cards() -> Iterator[tuple[str, Card]]:
    yield from _rosters()
    yield from _handovers()
    yield from _directory()
    yield from _bindings()


def _handovers() -> Iterator[tuple[str, Card]]:
    gone = replace(LI, active=False)
    for count in (0, 1, 7):
        goals = tuple(OpenGoal(12 + n, "提升门店季度业绩", "active", 3) for n in range(count))
        numbers = tuple(range(5, 5 + count))
        what = Belongings(goals, numbers or (5,), numbers, numbers)
        redirected = tuple(Redirected(one, 1, (2, LI.id)[n % 2], 3) for n, one in enumerate(what.decisions))
        moved = Moved(what, redirected, tuple((one, 3) for one in numbers[:2]))
        told = ["王店", "李四", "周敏", "赵店"][: count + 1]
        for again in (True, False):
            confirm = "确认 交接 E0102 E0103 v0a1b2c"
            yield f"handover, {count}, {again}", preview_card(what, LI, LI, told, confirm, again=again)
        yield f"handed over, {count}", handed_over_card(moved, LI, LI, told)
        for giver in (LI, gone):
            by = "王店" if giver.active else ""
            yield (
                f"received, {count}, {giver.active}",
                received_card(moved, giver, LI, by, left=not giver.active),
            )
        known = dict.fromkeys((2, 3, LI.id), LI)
        for n, letter in enumerate(letters_about(moved, LI, replace(LI, id=2), known, by=gone, once="x")):
            yield f"letters of a handover, {count}, {n}", letter.card


def _directory() -> Iterator[tuple[str, Card]]:
    moved = Moved(
        Belongings(decisions=(5, 6)), (Redirected(5, 1, 2, LI.id), Redirected(6, 1, 2, 3)), ((7, 3),)
    )
    known = dict.fromkeys((2, 3, LI.id), LI)
    for n, letter in enumerate(letters_about_new_superior(moved, LI, replace(LI, id=2), known, NOON)):
        yield f"letters of a new superior, {n}", letter.card
    for names in (["李四"], ["王店", "李四", "张三", "赵店"] * 30):
        for letter in letters_about_many_leavers(
            PlatformName.WECOM, names, known=500, most=0.1, admins=[1], day="2026-11-24"
        ):
            yield f"many leavers, {len(names)}", letter.card


def _bindings() -> Iterator[tuple[str, Card]]:
    account = Account(PlatformName.WECOM, "WxNew")
    for mobile in ("", "13800001234"):
        for letter in letters_to_deciders(1, account, LI, [1], mobile):
            yield f"binding, {mobile}", letter.card
    for confirmed in (True, False):
        yield f"bound, {confirmed}", letter_about_outcome(1, account, "李四", confirmed=confirmed).card


def _rosters() -> Iterator[tuple[str, Card]]:
    days = [TODAY + timedelta(days=n) for n in range(9)]
    shift, night = (
        DayPlan(LI.id, TODAY, ((time(9), time(18)),)),
        DayPlan(LI.id, TODAY, ((time(22), time(6)),)),
    )
    for before in (None, DayPlan(LI.id, TODAY), night):
        for plan in (None, DayPlan(LI.id, TODAY), shift):
            yield f"rostered, {before}, {plan}", rostered_card([Said(LI, TODAY, plan, before)], TODAY)
    yield "rostered, many", rostered_card([Said(LI, day, night, shift) for day in days], TODAY)
    for own in (True, False):
        for count in (0, 9):
            plans = [replace(night, day=day) for day in days[:count]]
            yield f"roster of one, {own}, {count}", own_roster_card(LI, plans, TODAY, own=own)
        known = {(LI.id, day): replace(shift, day=day) for day in days[:3]}
        for last in (TODAY, days[6]):
            card = store_roster_card("西湖店", [LI, LI], known, TODAY, last, TODAY, leads=own)
            yield f"roster of a store, {own}, {last}", card
        yield (
            "roster of a store, none",
            store_roster_card("西湖店", [LI], {}, TODAY, days[6], TODAY, leads=own),
        )
