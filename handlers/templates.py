"""目标模板: what the company offers, and a draft made of one, in which only what the person alone knows is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cards.goal_templates import template_card, templates_card
from cards.notices import Choice, notice, question
from chat.answers import Answer
from handlers import drafts
from handlers.asking import Asking, Misunderstood, shown
from handlers.drafts import MOST_LINES
from handlers.reading.lines import ObjectiveDraft, read_objective
from handlers.reading.normal import fold
from handlers.reading.periods import read_period
from handlers.route import Route
from okr.objectives import Measure, Origin
from okr.templates import GoalTemplate, TemplateLine, filled, named, offered
from storage import objectives, template_uses

_NEW = "新建目标"


async def templates(asking: Asking) -> Answer:
    """模板 · 模板 业绩增长"""
    found = offered(asking.policy.templates, asking.asker)
    if not found:
        return shown(notice("no_templates"))
    if not asking.rest:
        return shown(templates_card(found))
    template, _ = require_template(found, asking.rest, "模板")
    return shown(template_card(template, asking.policy.metrics))


async def new_of_template(asking: Asking) -> Answer:
    """新建销售目标 业绩增长 · 新建目标 模板 业绩增长, with the ends that are known on lines below."""
    found = offered(asking.policy.templates, asking.asker)
    after = asking.text.partition(_NEW)[2].lstrip()
    is_title = asking.text.startswith(_NEW) and bool(asking.rest) and not after.startswith("模板 ")
    if is_title and named(found, asking.rest) is None:  # 新建目标 模板库上线
        return await drafts.new_objective(asking.rested(after))
    if not found:
        return shown(notice("no_templates"))
    template, rest = require_template(found, asking.rest, "新建目标 模板")
    read = read_lines(asking, rest)
    lines, others = with_typed(template, read)
    cycle = await drafts.cycle_named(asking, read.cycle)
    made = [draft_of(line) for line in lines]
    read = replace(read, title=read.title or template.title)
    answer, number = await drafts.made_of(asking, read, [*made, *others][:MOST_LINES], cycle)
    me = asking.asker.id
    if await template_uses.claim(asking.session, template.name, cycle.id, me, by=me, at=asking.now):
        await template_uses.made(asking.session, template.name, cycle.id, me, number)
    return answer


def require_template(found: Iterable[GoalTemplate], words: str, say: str) -> tuple[GoalTemplate, str]:
    """The template that the words begin with, and the rest. Raises Misunderstood with those that there are."""
    found = tuple(found)
    match = named(found, words)
    if match is not None:
        return match
    choices = [Choice(template.name, f"{say} {template.name}") for template in found[:6]]
    raise Misunderstood(question("which_template", choices, said=words.partition("\n")[0][:20], say=say))


def read_lines(asking: Asking, rest: str) -> ObjectiveDraft:
    """What follows a template's name: perhaps another title or a period, then key results and their ends."""
    read = read_objective(rest, asking.today, asking.policy.metrics)
    period = read_period(read.title, asking.today) if read.title else None
    return read if period is None else replace(read, title="", cycle=period.name)


def with_typed(
    template: GoalTemplate, read: ObjectiveDraft
) -> tuple[tuple[TemplateLine, ...], list[objectives.Draft]]:
    """The template's lines with what was typed for them, and the key results that are none of its."""
    typed: dict[str, Measure] = {}
    others: list[objectives.Draft] = []
    for draft in read.key_results:
        title = _line_named(template, draft.title)
        if title and title not in typed:
            typed[title] = draft.measure
        else:
            others.append(drafts.drafted(draft))
    return filled(template, typed), others


def _line_named(template: GoalTemplate, words: str) -> str:
    """The title of the only line that the words fit: the whole of it, else a part (拜访量)."""
    word = fold(words)
    titles = [line.title for line in template.lines]
    fits = [title for title in titles if fold(title) == word] or [
        title for title in titles if len(word) > 1 and word in fold(title)
    ]
    return fits[0] if len(fits) == 1 else ""


def draft_of(line: TemplateLine, *, origin: Origin = Origin.BOTTOM_UP) -> objectives.Draft:
    return objectives.Draft(
        title=line.title,
        measure=line.measure,
        weight=line.weight,
        metric=line.metric,
        metric_own=line.metric_own,
        doubts=line.doubts,
        commitment=line.commitment,
        origin=origin,
    )


ROUTES = (
    Route(
        words=("模板", "目标模板"),
        handle=templates,
        topic="定目标",
        does="公司备好的目标,挑一个就能起草",
        examples=("模板", "模板 业绩增长"),
    ),
    Route(
        words=("新建销售目标", "新建目标 模板", "用模板"),
        handle=new_of_template,
        topic="定目标",
        does="按模板起草,关键结果、单位、数据都配好了,只填目标值",
        examples=("新建销售目标 业绩增长", "新建销售目标 业绩增长\n客户拜访量 300\n转化率 从 12% 到 15%"),
    ),
)
