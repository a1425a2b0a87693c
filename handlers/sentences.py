"""Everyday sentences: what people say who do not think of commands. What would write is confirmed by one tap."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import kr_name, say_value, say_verdict
from chat.answers import Answer
from handlers import attaining, comparing, day_actions, day_targets, goals, recording, viewing
from handlers import check_ins as reporting
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.meaning import Writing, fed, progress_or_value, require_running, what_value
from handlers.reading.dates import take_date
from handlers.reading.ids import take_ref
from handlers.reading.numbers import Meaning, find_numbers
from handlers.reports import DONE, SAME, read_report
from okr.moments import day_of
from okr.numbers import say_number
from okr.objectives import Kind
from okr.status import judge_objective
from storage import check_ins

_WRONG = re.compile(
    r"^(?:刚才?|昨天|前面)?(?:报|填|写|打)错了?[,，。 ]*(?:应该)?是(?P<new>.+?)(?:[,，。 ]*(?:而?不是)(?P<old>.+))?$"
)
_SOLD = re.compile(r"^(?P<day>今天|昨天|前天|今日|昨日)?.{0,4}?(?:一共|总共)?卖了(?P<amount>.+)$")
_SALES = re.compile("销售|营业|营收|业绩|流水|卖")
_RED = re.compile("(?:咋|怎么|为啥|为什么).{0,3}(?:又|还)?.{0,2}(?:红|黄|告急|偏慢)")
_WHAT_FOR = re.compile("^(?:这个(?:目标|KR)是?为(?:了?什么|啥)|我的贡献点?(?:是什么|在哪|有多少)?)[?？!。]*$")
_HOW_FAR = re.compile("(?:我)?(?:还|离目标)?(?:还)?差(?:多少|多远|几)")
_FORGOT = re.compile("忘(?:记)?(?:了)?(?:报|填)")
_ENDING = re.compile("[了吧呢啊哈。!,，~ ]+$")
_MOSTLY = ("的", "现在", "目前")

Sense = Callable[[Asking], Awaitable[Answer | None]]


async def answer(asking: Asking) -> Answer | None:
    """What the sentence means, or None where it is none of these."""
    for sense in _SENSES:
        found = await sense(asking)
        if found is not None:
            return found
    return None


async def _why_red(asking: Asking) -> Answer | None:
    if not _RED.search(asking.text):
        return None
    if asking.about.startswith("KR"):
        return await viewing.why(asking.rested(asking.about))
    return await viewing.why_red(asking)


async def _my_part(asking: Asking) -> Answer | None:
    """这个目标为什么 · 我的贡献点: what it is for and how much of it is mine, of the only one, the quoted, or the chosen."""
    if not _WHAT_FOR.match(asking.text):
        return None
    if asking.about.startswith("KR"):
        return await viewing.why(asking.rested(asking.about))
    fits = [(objective, kr) for objective in await goals.running(asking) for kr in objective.counting]
    if len(fits) == 1:
        return await viewing.why(asking.rested(fits[0][1].ref))
    return shown(goals.which_card(fits, "为什么")) if fits else None


async def _how_far(asking: Asking) -> Answer | None:
    """我还差多少: of each key result, how much is missing."""
    if not _HOW_FAR.search(asking.text):
        return None
    rows: list[tuple[Decimal, str, str]] = []
    for objective in await goals.running(asking):
        verdict = judge_objective(objective, asking.today, asking.policy)
        for kr in objective.counting:
            judged, measure = verdict.verdicts[kr.id], kr.measure
            if measure.sealed:
                missing = "到了 🎉" if judged.progress.raw >= 1 else "还没到"
            elif measure.kind is Kind.NUMBER and measure.target is not None and kr.value is not None:
                left = abs(measure.target - kr.value) if judged.progress.raw < 1 else Decimal(0)
                missing = (
                    f"还差 {say_number(left, measure.unit if measure.unit != '%' else '个点')}"
                    if left
                    else "到了 🎉"
                )
            else:
                missing = say_value(kr, kr.value)
            rows.append(
                (-judged.gap_points, f"{kr.ref} {kr_name(kr)} {missing} · {say_verdict(judged)}", kr.ref)
            )
    if not rows:
        return shown(notice("nothing_to_report"))
    rows.sort(key=lambda row: row[0])
    return shown(
        notice(
            "how_far",
            about=rows[0][2],
            title=f"差得最多的是 {rows[0][1].split(' · ')[0]}",
            rows=[line for _, line, _ in rows[:8]],
            ref=rows[0][2],
        )
    )


async def _correction(asking: Asking) -> Answer | None:
    """报错了,是1005不是1050: the newest report, with the value named if one is."""
    match = _WRONG.match(asking.text)
    if match is None:
        return None
    new = _only_number(match["new"])
    if new is None:
        return None
    old = _only_number(match["old"]) if match["old"] else None
    newest = await check_ins.newest_value_of(asking.session, asking.asker.id, old)
    if newest is None:
        return shown(notice("nothing_recent", mine=(await goals.own_refs(asking))[0]))
    objective, kr = await goals.key_result(asking, newest.kr_id)
    day = day_of(newest.on_at, asking.policy.zone)
    writing = Writing(objective, kr, new, newest.value, note="更正", day=day if day != asking.today else None)
    return recording.ask_first(asking, [writing])


async def _sold(asking: Asking) -> Answer | None:
    """今天卖了3200: adds to what is sold; what the till feeds is shown and not written."""
    match = _SOLD.match(_ENDING.sub("", asking.text))
    amount = _only_number(match["amount"]) if match else None
    if match is None or amount is None:
        return None
    fits = [
        (objective, kr)
        for objective in await goals.running(asking)
        for kr in objective.counting
        if kr.measure.kind is Kind.NUMBER and (_SALES.search(kr.title) or kr.metric == "sales")
    ]
    if not fits:
        return shown(notice("sold_nowhere"))
    if len(fits) != 1:
        return await _choose(asking, fits, f"{match['day'] or ''} +{amount:f}".strip())
    if fits[0][1].metric:
        return fed(asking, fits[0][1])
    way = "+" if fits[0][1].measure.cumulative else ""
    return await _confirm(asking, fits[0], f"{match['day'] or ''} {way}{amount:f}".strip())


async def _with_id(asking: Asking) -> Answer | None:
    """KR34 涨了20 · 34 1050 · KR34完成80%"""
    ref, rest = take_ref(asking.text, "KR")
    if ref is None or ref.kind != "KR" or not rest:
        return None
    goal = await goals.key_result(asking, ref.number)
    bare = _ENDING.sub("", rest)
    done = next((word for word in sorted(DONE, key=len, reverse=True) if bare.startswith(word)), "")
    numbers = find_numbers(bare)
    if done and len(numbers) == 1 and numbers[0][2].percent and goal[1].measure.kind is Kind.NUMBER:
        await require_running(asking, goal)
        return progress_or_value(goal[1], numbers[0][2])
    return await _confirm(asking, goal, _report_words(bare))


async def _same(asking: Asking) -> Answer | None:
    """跟昨天一样"""
    bare = _ENDING.sub("", asking.text)
    if bare not in SAME:
        return None
    running = [
        (o, kr)
        for o in await goals.running(asking)
        for kr in o.counting
        if kr.value is not None and not kr.metric
    ]
    if asking.about.startswith("KR"):
        running = [goal for goal in running if goal[1].ref == asking.about]
    if len(running) == 1:
        return await _confirm(asking, running[0], "不变")
    return await _choose(asking, running, "不变")


async def _by_title(asking: Asking) -> Answer | None:
    """我客流到1050了 · 客流1050 客单48 损耗6.9 · 损耗降了0.3个点 · 会员日上线了"""
    named = await reporting.by_titles(asking, asking.text, least=1)
    if named is not None and (len(named.unknown) < len(named.writings) or not named.unknown):
        return recording.ask_first(asking, named.writings, unknown="、".join(named.unknown))
    _, rest = take_date(asking.text, asking.today, "past")
    bare = _ENDING.sub("", rest)
    for done in sorted(DONE, key=len, reverse=True):
        if bare.endswith(done) and len(bare) > len(done):
            fits = await goals.own_by_words(asking, bare[: -len(done)], typos=True)
            if len(fits) == 1:
                return await _confirm(asking, fits[0], "完成")
            return await _choose(asking, fits, "完成") if fits else None
    numbers = find_numbers(asking.text)
    if len(numbers) == 1:
        words = _words_before(asking.text, numbers[0][0])
        fits = await goals.own_by_words(asking, words, typos=True) if words else []
        if fits:
            return await _choose(asking, fits, _report_words(asking.text))
    return None


async def _only_numbers(asking: Asking) -> Answer | None:
    """昨天忘报了,980 · 1050: which key result is meant is asked unless there is only one."""
    day, rest = take_date(asking.text, asking.today, "past")
    numbers = find_numbers(rest)
    if len(numbers) != 1 or not (
        day is not None or _FORGOT.search(asking.text) or _only_number(rest) is not None
    ):
        return None
    start, end, quantity = numbers[0]
    left = _ENDING.sub("", _FORGOT.sub("", rest[:start] + rest[end:])).strip("了,，。 我")
    if left and left not in _MOSTLY:
        return None
    sign = "+" if quantity.meaning is Meaning.CHANGE and quantity.value > 0 else ""
    words = (
        f"{day.isoformat() if day else ''} {sign}{quantity.value:f}{'%' if quantity.percent else ''}".strip()
    )
    running = [
        (o, kr)
        for o in await goals.running(asking)
        for kr in o.counting
        if kr.measure.kind in (Kind.NUMBER, Kind.MAINTAIN)
    ]
    if asking.about.startswith("KR"):
        running = [goal for goal in running if goal[1].ref == asking.about] or running
    if len(running) == 1:
        return await _confirm(asking, running[0], words)
    return await _choose(asking, running, words)


_SENSES: tuple[Sense, ...] = (
    _correction, day_actions.done_in_words, day_targets.closing_in_words, attaining.sense, comparing.sense,
    _why_red, _my_part, _how_far, _with_id, _same, _sold, _by_title, _only_numbers,
)  # fmt: skip


async def _confirm(asking: Asking, goal: Goal, words: str) -> Answer:
    """Read the report and ask before it is written."""
    await goals.require_reporter(asking, goal[0], goal[1].ref)
    report = read_report(words, asking.today, goal[1].measure)
    if report.empty:
        return what_value(goal[1])
    return await recording.ask_about(asking, goal, report)


async def _choose(asking: Asking, fits: list[Goal], words: str) -> Answer | None:
    if not fits:
        return None
    if len(fits) == 1:
        return await _confirm(asking, fits[0], words)
    choices = [Choice(f"{kr.ref} {kr.title}"[:20], f"更新 {kr.ref} {words}") for _, kr in fits[:6]]
    raise Misunderstood(question("which", choices, what="是哪一个的数?"))


def _report_words(text: str) -> str:
    """The number of a sentence as it is typed after an id: 涨了20 is +20."""
    numbers = find_numbers(text)
    if len(numbers) != 1:
        return text
    quantity = numbers[0][2]
    sign = {Meaning.CHANGE: "+" if quantity.value > 0 else "", Meaning.EXACT: "="}.get(quantity.meaning, "")
    tail = "%" if quantity.percent else ""
    return f"{sign}{quantity.value:f}{tail}"


def _only_number(text: str) -> Decimal | None:
    numbers = find_numbers(text)
    return numbers[0][2].value if len(numbers) == 1 else None


def _words_before(text: str, start: int) -> str:
    return re.sub("(?:现在|已经|目前|我的?|到|是|有)", "", text[:start]).strip(" ,，。")
