"""更新 in all its forms: by id, by words of a title, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.notices import notice
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.meaning import Writing, require_running, value_of, what_value
from handlers.reading.amounts import read_amounts
from handlers.reading.dates import take_date
from handlers.reading.ids import take_ref
from handlers.recording import ask_first, write
from handlers.reports import Report, read_report
from handlers.route import Route


async def update(asking: Asking) -> Answer:
    """更新 KR34 1050 说明 · 报 34 +20 · 更新 KR34 昨天 980 · 更新 KR34 完成 · 更新 客流1050 客单48 损耗6.9"""
    if (several := await _several(asking)) is not None:
        return await write(asking, several)
    ref, rest = take_ref(asking.rest, "KR")
    if (quoted := await _quoted(asking, rest)) is not None:
        goal, rest = quoted, asking.rest
    elif ref is None:
        return await _without_id(asking)
    else:
        goal = await goals.key_result(asking, ref.number, lock=True)
    return await report_on(asking, goal, rest)


async def _quoted(asking: Asking, rest: str) -> Goal | None:
    """The key result that is quoted and nothing else named: then a number that stands alone is its value, no id."""
    if not asking.rest or not asking.about.startswith("KR") or take_ref(asking.rest)[0] is not None:
        return None
    goal = await goals.key_result(asking, int(asking.about[2:]), lock=True)
    alone = rest == asking.rest or read_report(rest, asking.today, goal[1].measure).empty
    return goal if alone else None


async def report_on(asking: Asking, goal: Goal, words: str) -> Answer:
    """Record what the words say about a key result, or ask for what they do not say."""
    _, kr = goal
    await require_running(asking, goal)
    report = read_report(words, asking.today, kr.measure)
    if report.empty:
        if words and any(char.isdigit() for char in words):
            raise Misunderstood(notice("bad_number", about=kr.ref, said=words[:20], ref=kr.ref))
        return what_value(kr)
    if isinstance(writing := await value_of(asking, goal, report), Answer):
        return writing
    return await write(asking, [writing])


async def _several(asking: Asking) -> list[Writing] | None:
    """Several at once by their ids: `KR34 1050; KR35 6.9`. None where it is one."""
    parts = [part.strip() for part in asking.rest.replace("\n", ";").split(";") if part.strip()]
    if len(parts) > 1 and all(take_ref(part, "KR")[0] for part in parts):
        writings = []
        for part in parts:
            ref, rest = take_ref(part, "KR")
            assert ref is not None
            goal = await goals.key_result(asking, ref.number, lock=True)
            await require_running(asking, goal)
            report = read_report(rest, asking.today, goal[1].measure)
            if report.empty:
                raise Misunderstood(notice("bad_number", about=goal[1].ref, said=part[:20], ref=goal[1].ref))
            writing = await value_of(asking, goal, report)
            if isinstance(writing, Answer):
                return None
            writings.append(writing)
        _require_once(writings)
        return writings
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """Values whose key results were named by words of their titles, and the words that fit none."""

    writings: list[Writing]
    unknown: tuple[str, ...]


async def by_titles(asking: Asking, text: str, *, least: int = 2) -> Named | None:
    """Numbers with words of titles before them; None where the text is not that, or a word fits several."""
    day, text = take_date(text, asking.today, "past")
    amounts = read_amounts(text)
    if len(amounts) < least or not all(words for words, _ in amounts):
        return None
    writings: list[Writing] = []
    unknown: list[str] = []
    for words, quantity in amounts:
        fits = await goals.own_by_words(asking, words)
        if not fits:
            unknown.append(words)
            continue
        if len(fits) > 1:
            return None
        goal = await goals.key_result(asking, fits[0][1].id, lock=True)
        await require_running(asking, goal)
        writing = await value_of(asking, goal, Report(quantity=quantity, day=day))
        if isinstance(writing, Answer):
            return None
        writings.append(writing)
    _require_once(writings)
    return Named(writings, tuple(unknown)) if writings else None


def _require_once(writings: Sequence[Writing]) -> None:
    """Two values for one key result in one breath: which is it?"""
    refs = [writing.kr.ref for writing in writings]
    twice = next((ref for ref in refs if refs.count(ref) > 1), "")
    if twice:
        raise Misunderstood(notice("said_twice", about=twice, ref=twice))


async def _without_id(asking: Asking) -> Answer:
    """更新, 更新 客流 1050, 更新 1050: by the words of a title, else which of one's own is asked."""
    running = [(objective, kr) for objective in await goals.running(asking) for kr in objective.counting]
    if not running:
        return shown(notice("nothing_to_report"))
    named = await by_titles(asking, asking.rest, least=1)
    if named is not None:
        if named.unknown:
            return ask_first(asking, named.writings, unknown="、".join(named.unknown))
        return await write(asking, named.writings)
    word = asking.rest.split(" ")[0] if asking.rest else ""
    fits = await goals.own_by_words(asking, word) if word else []
    if len(fits) == 1:
        return await report_on(asking, fits[0], asking.rest.partition(" ")[2])
    if fits or not word or len(running) > 1:
        rest = asking.rest if not fits else asking.rest.partition(" ")[2]
        raise Misunderstood(goals.which_card(fits or running, "更新", rest))
    report = read_report(asking.rest, asking.today, running[0][1].measure)
    if report.empty:
        return what_value(running[0][1])
    writing = await value_of(asking, running[0], report)
    return writing if isinstance(writing, Answer) else ask_first(asking, [writing])


ROUTES = (
    Route(
        words=("更新", "报", "报数", "填"),
        handle=update,
        topic="报进度",
        does="报一个数,马上看到进度",
        examples=(
            "更新 {kr} 1050 周末活动带来客流",
            "报 {kr} +20",
            "更新 {kr} 昨天 980",
            "更新 {kr} 不变",
            "更新 {kr} 完成",
            "更新 客流1050 客单48 损耗6.9",
        ),
    ),
)
