"""Saving a draft that several people write: whose save comes second learns of the first, and nothing is lost in silence.

Parts of a draft go by keys: `title`, `KR34` (all of it), `KR34.target`. Who saves a part that somebody else has
changed since he was last shown the draft is asked; changes of different parts simply come together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from cards.actions import LONGEST, NEVER_MIND, wire
from cards.notices import Choice, notice, question
from cards.sayings import say_goal
from chat.answers import Letter, Urgency
from handlers.asking import Asking, Misunderstood
from okr import masking
from okr.moments import say_day, say_moment
from okr.numbers import say_number
from okr.objectives import KeyResult, Kind, Objective, State
from storage import co_writing, objectives, people
from storage.co_writing import DraftEdit, Seen

OVERWRITE, MERGE = "覆盖", "合并"
_PARTS = {
    "title": "标题", "start": "起始值", "target": "目标值", "unit": "单位", "basis": "口径", "due": "截止", "weight": "权重",
    "commitment": "类型", "origin": "来源", "stages": "阶段", "kpi": "日常指标",
}  # fmt: skip
_WHOLE = {"title": "标题", "cycle": "周期", "parent": "对齐"}


@dataclass(frozen=True, slots=True)
class Save:
    """One thing that is about to be saved: the keys it changes, what it is called, and its new words."""

    keys: tuple[str, ...]
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class _Clash:
    """A save that meets another's, which changed this key."""

    save: Save
    key: str
    edit: DraftEdit


async def settle(asking: Asking, objective: Objective, saves: Sequence[Save], say: str) -> Sequence[Save]:
    """Those of the saves that are to be written. Call it before a draft is written, once for all of a command (`say`).

    Raises Misunderstood with the difference where one of them would undo what somebody else has done since the asker
    was last shown the draft.
    """
    if not await _is_shared(asking, objective):
        return saves
    await co_writing.lock(asking.session, objective.id)
    if asking.settled == OVERWRITE and not asking.knows:
        return saves
    last = await co_writing.seen(asking.session, objective.id, asking.asker.id)
    version = last.version if last is not None else 0
    if asking.settled == OVERWRITE:
        version = max(version, asking.knows)
    edits = await co_writing.since(asking.session, objective.id, version, but_not_by=asking.asker.id)
    clashes = [clash for save in saves if (clash := _clash(save, edits)) is not None]
    if clashes and asking.settled != MERGE:
        await _ask(asking, objective, clashes, last, say, alone=len(saves) == len(clashes))
    met = {id(clash.save) for clash in clashes}
    return [save for save in saves if id(save) not in met]


def _clash(save: Save, edits: Sequence[DraftEdit]) -> _Clash | None:
    """The newest save of somebody else that meets this one."""
    for edit in reversed(edits):
        for mine in save.keys:
            for theirs in edit.keys:
                if mine == theirs or mine.startswith(f"{theirs}.") or theirs.startswith(f"{mine}."):
                    return _Clash(save, theirs, edit)
    return None


async def _ask(
    asking: Asking,
    objective: Objective,
    clashes: Sequence[_Clash],
    last: Seen | None,
    say: str,
    *,
    alone: bool,
) -> NoReturn:
    """`alone`: nothing of the command is left where the other's words are kept."""
    now = await objectives.by_id(asking.session, objective.id)
    assert now is not None
    now = masking.opened(now)
    words, before = content_of(now), last.content if last is not None else {}
    newest = clashes[-1].edit
    who = await people.by_id(asking.session, newest.author_id)
    name = who.name if who is not None else "别人"
    choices = [
        Choice("覆盖:用我的", f"{OVERWRITE} {now.version} {say}"),
        Choice(f"合并:{'' if alone else '撞上的'}留{name}的", f"{MERGE} {say}"),
        Choice(NEVER_MIND, NEVER_MIND),
    ]
    raise Misunderstood(
        question(
            "collision",
            choices if all(_fits(choice.say) for choice in choices) else choices[-1:],
            about=objective.ref,
            ref=objective.ref,
            who=name,
            when=say_moment(newest.at, asking.now, asking.policy.zone),
            clashes=[
                {
                    "name": clash.save.name,
                    "seen": before.get(clash.key, ""),
                    "theirs": words.get(clash.key, ""),
                    "mine": clash.save.words,
                }
                for clash in clashes
            ],
        )
    )


def _fits(say: str) -> bool:
    """Whether a button can carry the command: a long title does not fit."""
    try:
        return len(wire(say)) <= LONGEST
    except ValueError:
        return False


async def saved(asking: Asking, objective: Objective, saves: Sequence[Save]) -> None:
    """Note what has been written, so that the others learn of it."""
    keys = {key for save in saves for key in save.keys}
    if keys and await _is_shared(asking, objective):
        await co_writing.save(asking.session, objective.id, asking.asker.id, keys, asking.now)


async def shown(asking: Asking, objective: Objective) -> str:
    """Remember that the asker is shown the draft as it stands, and say what others have changed since the last time."""
    if not await _is_shared(asking, objective):
        return ""
    last = await co_writing.seen(asking.session, objective.id, asking.asker.id)
    edits = (
        await co_writing.since(asking.session, objective.id, last.version, but_not_by=asking.asker.id)
        if last is not None
        else []
    )
    await note_shown(asking, objective, asking.asker.id)
    return await _told(asking, edits)


async def note_shown(asking: Asking, objective: Objective, employee_id: int) -> None:
    """Remember that somebody is shown the draft as it stands."""
    await co_writing.show(
        asking.session, objective.id, employee_id, Seen(objective.version, content_of(objective))
    )


async def _told(asking: Asking, edits: Sequence[DraftEdit]) -> str:
    """`王店改过 KR34 目标值、KR35`"""
    names = await people.by_ids(asking.session, list({edit.author_id for edit in edits}))
    parts: dict[str, list[str]] = {}
    for edit in edits:
        author = names[edit.author_id].name if edit.author_id in names else "别人"
        parts.setdefault(author, []).extend(say_key(key) for key in edit.keys)
    return ";".join(f"{author}改过 {'、'.join(dict.fromkeys(keys))}" for author, keys in parts.items())[:80]


async def require_unchanged(asking: Asking, objective: Objective) -> None:
    """Before a draft is handed in: raises Misunderstood where somebody else has changed it since the asker saw it."""
    if asking.confirmed or not await _is_shared(asking, objective):
        return
    await co_writing.lock(asking.session, objective.id)
    last = await co_writing.seen(asking.session, objective.id, asking.asker.id)
    version = last.version if last is not None else 0
    edits = await co_writing.since(asking.session, objective.id, version, but_not_by=asking.asker.id)
    if edits:
        choices = [
            Choice("照现在的提交", f"确认 提交 {objective.ref}"),
            Choice("先看看", f"查看 {objective.ref}"),
            Choice(NEVER_MIND, NEVER_MIND),
        ]
        raise Misunderstood(
            question(
                "changed_since",
                choices,
                about=objective.ref,
                ref=objective.ref,
                told=await _told(asking, edits),
            )
        )


async def tell_deleted(asking: Asking, kr_id: int) -> None:
    """Raises Misunderstood where the key result that is missed was deleted by somebody who writes the draft too."""
    edit = await co_writing.deleted(asking.session, kr_id, asking.asker.id)
    if edit is not None:
        who = await people.by_id(asking.session, edit.author_id)
        raise Misunderstood(
            notice(
                "deleted_by_other",
                ref=f"KR{kr_id}",
                objective=f"O{edit.objective_id}",
                who=who.name if who is not None else "别人",
                when=say_moment(edit.at, asking.now, asking.policy.zone),
            )
        )


def letter(asking: Asking, objective: Objective, employee_id: int, template: str) -> Letter:
    """To somebody who writes the draft, or whose it is: what the asker has done with it."""
    card = notice(
        template, about=objective.ref, ref=objective.ref, title=objective.title, who=asking.asker.name
    )
    once = f"{template}:{objective.id}:{employee_id}:{asking.event.event_id}"
    return Letter(employee_id, card, once, Urgency.COLLABORATION)


async def letters_to_writers(asking: Asking, objective: Objective, template: str) -> tuple[Letter, ...]:
    """One for everybody who writes the draft too."""
    writers = await co_writing.writers(asking.session, objective.id)
    return tuple(letter(asking, objective, writer, template) for writer in writers)


async def _is_shared(asking: Asking, objective: Objective) -> bool:
    return objective.state is State.DRAFT and bool(await co_writing.writers(asking.session, objective.id))


# --- parts and their words ---


def say_key(key: str) -> str:
    """`KR34 目标值` for `KR34.target`."""
    ref, _, part = key.partition(".")
    return f"{ref} {_PARTS.get(part, part)}" if part else _WHOLE.get(ref, ref)


def content_of(objective: Objective) -> Mapping[str, str]:
    """The words of each part of a draft, by its key: whole, for who writes it."""
    objective = masking.opened(objective)
    content = {
        "title": objective.title,
        "cycle": objective.cycle.name,
        "parent": f"KR{objective.parent_kr}" if objective.parent_kr else "",
    }
    for kr in objective.key_results:
        if kr.state is not State.DELETED:
            content |= {f"{kr.ref}.{part}": words for part, words in _words(kr).items()}
            content[kr.ref] = f"{kr.title} {say_goal(kr.measure)}"
    return content


def _words(kr: KeyResult) -> Mapping[str, str]:
    measure = kr.measure
    target = say_number(measure.target, measure.unit) if measure.target is not None else ""
    return {
        "title": kr.title,
        "start": say_number(measure.start, measure.unit) if measure.start is not None else "",
        "target": target if measure.kind is Kind.NUMBER else say_goal(measure),
        "unit": measure.unit,
        "basis": str(measure.basis),
        "due": kr.due.isoformat() if kr.due else "周期末",
        "weight": f"{kr.share:.0%}" if kr.share is not None else f"{kr.weight:f}",
        "commitment": str(kr.commitment),
        "origin": str(kr.origin),
        "stages": "、".join(f"{say_day(day, day)} {share:.0%}" for day, share in kr.stages),
        "kpi": "是" if kr.is_kpi else "否",
    }


SETS: Mapping[str, Collection[str]] = {
    "target": ("target",), "start": ("start",), "unit": ("unit",), "basis": ("basis",), "due": ("due",), "weight": ("weight",),
    "title": ("title",), "reading": ("start", "target", "unit"), "keep": (),
    "commitment": ("commitment",), "origin": ("origin",), "stages": ("stages",), "kpi": ("kpi",),
}  # fmt: skip
"""Which parts each field of 修改 sets."""
