"""请假 and 代理: on which days somebody is away, and who decides for him meanwhile."""

from __future__ import annotations

import re
from datetime import date

from cards.notices import notice, question
from chat.answers import Answer
from chat.card import Card
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import meant_person
from handlers.examples import examples_for
from handlers.reading.dates import find_date, take_date
from handlers.route import Route
from okr.moments import say_date
from okr.people import Person
from okr.refusals import NotForYou
from storage import absences, people

LONGEST = 200
"""Days: more is a slip."""
_DEPUTY = re.compile(
    r"(?:代理|代批|由|找)\s*(?:人|是|[::])?\s*(?P<who>@?\s*\S+?)(?:\s*(?:代理|代批|代))?\s*$"
)
_BACK = re.compile(r"^(?:取消|不休了?|回来了?|销假|结束)")
_UNTIL = re.compile(r"^\s*(?:到|至|-|—|~|～)\s*")
_ASKS_LEAVE = re.compile(r"^我?(?:要|想)?(?:请|休)(?:个|几天)?(?:假|年假|病假|事假)$")
_I_AM_OFF = re.compile(r"^我?(?P<when>.{1,12}?)(?:要|想)?(?:休息?|请假|不在|休假|调休)(?P<rest>.*)$")


async def away(asking: Asking) -> Answer:
    """请假 12月1日-12月3日 代理 @张三 · 请假 明天 · 请假 取消"""
    if _BACK.match(asking.rest):
        return await back(asking)
    deputy, words = await _deputy(asking, asking.rest)
    days = read_days(words, asking.today)
    if days is None:
        raise Misunderstood(await _which_days(asking))
    first, last = days
    if last < asking.today or not 0 <= (last - first).days <= LONGEST:
        raise Misunderstood(await _which_days(asking))
    await absences.say(
        asking.session, asking.asker.id, first, last, deputy.id if deputy else None, asking.now
    )
    leads = await people.leads_anybody(asking.session, asking.asker.id)
    return shown(
        notice(
            "away",
            first=say_date(first, asking.today),
            last=say_date(last, asking.today) if last != first else "",
            deputy=deputy.name if deputy else "",
            leads=leads,
        ),
        restricted=True,
    )


async def back(asking: Asking) -> Answer:
    """请假 取消: whatever is not over is taken back."""
    ended = await absences.take_back(asking.session, asking.asker.id, asking.today, asking.now)
    return shown(notice("back", ended=ended), restricted=True)


async def deputise(asking: Asking) -> Answer:
    """代理 @张三 12月1日-12月3日"""
    return await away(asking.rested(f"{_without_person(asking.rest)} 代理 {_person_words(asking.rest)}"))


def _person_words(words: str) -> str:
    return next(iter(words.split()), "")


def _without_person(words: str) -> str:
    return words.partition(" ")[2]


async def _deputy(asking: Asking, words: str) -> tuple[Person | None, str]:
    """Who stands in, and the words without him."""
    match = _DEPUTY.search(words)
    if match is None:
        return None, words
    person = await meant_person(
        asking, match["who"], f"请假 {words[: match.start()].strip()} 代理", "请哪一个代理"
    )
    if person is None:
        return None, words
    if person.id == asking.asker.id:
        raise NotForYou("代理", "别的同事,不能是自己")
    return person, words[: match.start()].strip()


def read_days(words: str, today: date) -> tuple[date, date] | None:
    """`12月1日-12月3日`, `明天`, `周五到下周一`, `12月1日-3日`."""
    first, rest = take_date(words.strip(), today, "future")
    if first is None:
        found = find_date(words, today, "future")
        if found is None:
            return None
        first, rest = found[2], words[found[1] :]
    rest = rest.strip()
    until = _UNTIL.match(rest)
    if until is None:
        return first, first
    last, _ = take_date(rest[until.end() :], first, "future")
    return (first, last) if last is not None else None


async def _which_days(asking: Asking) -> Card:
    return question("days_away", [], awaits="请假", eg=await examples_for(asking))


async def off(asking: Asking) -> Answer | None:
    """我明天休; None where the sentence says nothing of the kind."""
    text = asking.text.strip("。!.~ ")
    match = _I_AM_OFF.match(text)
    if match is None or read_days(match["when"], asking.today) is None:
        return shown(await _which_days(asking)) if _ASKS_LEAVE.match(text) else None
    return await away(asking.rested(f"{match['when']} {match['rest'].strip('了 ,')}".strip()))


ROUTES = (
    Route(
        words=("请假",),
        handle=away,
        topic="其他",
        does="哪几天不在,谁替你批",
        examples=("请假 12月1日-12月3日 代理 @{mate}", "请假 明天", "请假 取消"),
    ),
    Route(
        words=("代理",),
        handle=deputise,
        topic="其他",
        does="不在的几天请同事替你批",
        examples=("代理 @{mate} 12月1日-12月3日",),
    ),
)
