"""导出: what is shown, as a file: the same rows, with the same rights and covers, always in private."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from cards.notices import Choice, notice, question
from cards.ranking import too_few_card
from chat.answers import Answer
from chat.card import Card
from chat.files import TABLE, File
from handlers import attaining, edit_trail, exports, goals, missing, origins, ranking
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import meant_person, mentioned
from handlers.examples import examples_for
from handlers.exports import Found, Maker
from handlers.reading.ids import take_ref
from handlers.reading.periods import take_period
from handlers.route import Route
from handlers.sight import looked_at, sight
from handlers.store_days import meant_day
from handlers.viewing import UNIT_MEMBERS
from okr.metrics import Window
from okr.objectives import Objective, State
from okr.people import Person
from okr.refusals import NoSuchGoal
from sheets import shown_tables
from sheets.packing import packed
from storage import check_ins, cycles, figures, objectives, people

MOST_ROWS = 5000
DAYS = 30
_WRITES = frozenset({"今日动作", "今天动作"})
"""What follows these is written down, so that only they alone can be exported with the word behind."""
_BEHIND = re.compile(
    r"^(?P<what>.*?)\s*导出(?:表格|表)?(?P<csv>\s*(?:成|存成)?\s*csv)?$", re.IGNORECASE | re.DOTALL
)
_CSV = re.compile(r"\s*\bcsv\b\s*|\s*(?:存成|用)?\s*CSV\s*", re.IGNORECASE)


async def export(asking: Asking) -> Answer:
    """导出 排名 · 我的目标 · 对比 客单价 按 门店 · 看板 西湖店 · 历史 KR34 · …, with CSV where that is wanted"""
    words = _CSV.sub(" ", asking.rest).strip()
    word = max((one for one in MAKERS if words.startswith(one)), key=len, default="")
    if not word:
        raise Misunderstood(await _what(asking))
    # The file goes to the private chat, wherever it was asked for.
    found = await MAKERS[word](asking.in_private().rested(words.removeprefix(word).strip()))
    title, header, rows = found.sheet
    lines = list(rows)
    if not lines:
        return shown(notice("export_empty", what=found.title), restricted=True)
    ending = "csv" if words != asking.rest.strip() else "xlsx"
    name = f"{found.title} {asking.today:%Y-%m-%d}.{ending}".replace("/", "-")
    file = File(name, TABLE, packed([(title, header, lines[:MOST_ROWS])]))
    card = notice(
        "exported",
        what=found.title,
        rows=min(len(lines), MOST_ROWS),
        all=len(lines),
        most=MOST_ROWS,
        note=found.note,
        csv=ending == "csv",
    )
    return Answer(card, restricted=True, files=(file,))


def behind(word: str, rest: str) -> str:
    """What a command with 导出 behind it wants exported: 对比 客单价 按 门店 for 对比 客单价 按 门店 导出; else empty."""
    said = _BEHIND.match(rest)
    if said is None or word not in MAKERS or (word in _WRITES and said["what"]):
        return ""
    return f"{word} {said['what']}{' CSV' if said['csv'] else ''}"


async def _what(asking: Asking) -> Card:
    says = ("导出 我的目标", "导出 周报", "导出 排名", "导出 日报", "导出 看板", "导出 未制定名单")
    return question(
        "export_what", [Choice(say.removeprefix("导出 "), say) for say in says], eg=await examples_for(asking)
    )


# --- goals ---


async def _mine(asking: Asking) -> Found:
    """Drafts too: they are one's own."""
    found = await goals.running(asking, (State.ACTIVE, State.PENDING, State.DRAFT))
    return _goals(asking, f"我的目标 {asking.asker.name}", found, {asking.asker.id: asking.asker})


async def _seen(asking: Asking) -> Found:
    """查看 O12 · KR34 · @李四 · 华东区"""
    ref, _ = take_ref(asking.rest, "KR")
    if ref is not None and ref.kind in ("O", "KR"):
        objective = (
            (await goals.key_result(asking, ref.number))[0]
            if ref.kind == "KR"
            else await goals.objective_by_number(asking, ref.number)
        )
        owner = await goals.owner_of(asking, objective)
        return await _noted(asking, f"{objective.ref} {objective.title}", [objective], {owner.id: owner})
    if not asking.rest and not mentioned(asking):
        return await _mine(asking)
    cycle = await cycles.running(asking.session, asking.today)
    if (person := await meant_person(asking, asking.rest, "导出 查看", "导出哪一个")) is not None:
        found = await objectives.of_owner(asking.session, person.id, cycle.id, (State.ACTIVE,))
        return await _noted(asking, f"目标 {person.name}", found, {person.id: person})
    members = await people.in_unit(asking.session, asking.rest.strip(), UNIT_MEMBERS)
    if not members:
        raise NoSuchGoal(asking.rest)
    owners = {member.id: member for member in members}
    found = await objectives.of_owners(asking.session, list(owners), cycle.id)
    return await _noted(asking, f"目标 {asking.rest.strip()}", found, owners)


async def _noted(asking: Asking, title: str, found: list[Objective], owners: dict[int, Person]) -> Found:
    """What the asker may see of these; who was read because of his office is told of it."""
    seen = await sight(asking, found)
    visible = [one for one in found if seen.shows(one)]
    await looked_at(asking, seen, visible, "导出目标")
    return _goals(asking, title, [seen.fit(one) for one in visible], owners)


def _goals(asking: Asking, title: str, found: list[Objective], owners: dict[int, Person]) -> Found:
    rows = [
        row
        for one in found
        for row in shown_tables.goal_lines(one, owners[one.owner_id], asking.today, asking.policy)
    ]
    return Found(title, ("目标", shown_tables.GOALS, rows))


async def _history(asking: Asking) -> Found:
    (objective, kr), _ = await goals.meant(asking, "导出 历史")
    await _noting(asking, [objective])
    entries = await check_ins.of(asking.session, kr.id, MOST_ROWS)
    rows = [shown_tables.history_line(objective, kr, entry, asking.policy) for entry in entries]
    return Found(f"历史 {kr.ref} {kr.title}", ("历史", shown_tables.HISTORY, rows))


async def _trail(asking: Asking) -> Found:
    one = await edit_trail.meant_trail(asking, asking.rest, "导出 修改记录")
    await _noting(asking, [one.objective])
    lines = await edit_trail.lines_of(asking, one, limit=MOST_ROWS)
    rows = [shown_tables.trail_line(line, asking.policy, covered=line.kr_id in one.covered) for line in lines]
    return Found(f"修改记录 {one.ref} {one.title}", ("修改记录", shown_tables.TRAIL, rows))


async def _attained(asking: Asking) -> Found:
    what, found = await attaining.every(asking)
    await _noting(asking, [objective for objective, _, _ in found])
    rows = [
        shown_tables.attained_line(objective, kr, attained, asking.today) for objective, kr, attained in found
    ]
    return Found(f"达成率 {what} {asking.today:%Y年%m月}", ("达成率", shown_tables.ATTAINED, rows))


async def _origins(asking: Asking) -> Found:
    one = await origins.split(asking, "导出 目标来源")
    rows = shown_tables.origin_lines(one.name, one.whole, one.rows)
    without = one.members - len(one.rows)
    note = f"按权重算,每人一样重{f',另有 {without} 人没有目标' if without else ''}"
    sheet = ("目标来源", shown_tables.ORIGINS, rows)
    return Found(f"目标来源 {one.name} {one.cycle}", sheet, note)


async def _noting(asking: Asking, found: Sequence[Objective]) -> None:
    """Who is exported because of the asker's office is told of it."""
    await looked_at(asking, await sight(asking, found), found, "导出目标")


# --- figures and people ---


async def _ranking(asking: Asking) -> Found:
    board, places = await ranking.standing(asking, asking.rest)
    title = f"排名 {board.kind} {board.measure} {board.span}"
    least = asking.policy.ranking_least
    if len(places) < least:
        raise Misunderstood(too_few_card(board.kind, board.measure, len(places), least))
    rows = shown_tables.ranking_lines(places, board.names, board.mine, unit=board.unit, percent=board.percent)
    if not board.amounts:
        rows = [[place, name, shown_tables.COVERED, "", moved] for place, name, _, _, moved in rows]
    note = f"一共 {len(places)} 名,只列前一半和你自己的"
    return Found(title, ("排名", shown_tables.RANKING, rows), note)


async def _day(asking: Asking) -> Found:
    """The day that is named and the thirty before it."""
    known, path, day = await meant_day(asking)
    window = Window(day - timedelta(days=DAYS - 1), day)
    found = await figures.by_day(asking.session, asking.policy.metrics, known, path, window)
    values = [(spec, found[key]) for key, spec in asking.policy.metrics.items() if found.get(key)]
    days = [window.first + timedelta(days=n) for n in range(DAYS)] if values else []
    unit = known.key(path)
    rows = shown_tables.day_lines(unit, days, values)
    header = shown_tables.day_header([spec for spec, _ in values])
    return Found(f"日报 {unit} 近{DAYS}天", ("日报", header, rows), "没有数进来的天是空的,不是 0")


async def _missing(asking: Asking) -> Found:
    period, _ = take_period(asking.rest, asking.today)
    cycle, scope, others = await missing.without_goals(asking, period)
    superiors = await people.by_ids(
        asking.session, sorted({one.manager_id for one in others if one.manager_id})
    )
    rows = [
        shown_tables.person_line(one, superiors[one.manager_id].name if one.manager_id in superiors else "")
        for one in sorted(others, key=lambda one: (one.department, one.number))
    ]
    return Found(f"未制定名单 {cycle.name} {scope}", ("未制定名单", shown_tables.PEOPLE, rows))


MAKERS: dict[str, Maker] = {
    **exports.MAKERS,
    "我的目标": _mine,
    "我的进度": _mine,
    "查看": _seen,
    "看": _seen,
    "历史": _history,
    "修改记录": _trail,
    "达成率": _attained,
    "目标来源": _origins,
    "排名": _ranking,
    "日报": _day,
    "未制定名单": _missing,
}

ROUTES = (
    Route(
        words=("导出",),
        handle=export,
        topic="表格",
        does="把看到的存成表格发给你,后面加 CSV 就存成 CSV",
        examples=(
            "导出 我的目标",
            "导出 查看 {unit}",
            "导出 排名 门店 本月",
            "导出 日报 {unit}",
            "导出 历史 {kr}",
            "导出 未制定名单",
        ),
    ),
)
