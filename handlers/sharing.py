"""共创: one draft, several people. Its owner invites and takes back, who was invited may leave."""

from __future__ import annotations

from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter
from handlers import co_writing, goals
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import meant_person
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import Objective, State
from okr.permissions import Right
from okr.refusals import IllegalMove, NoSuchGoal, NoSuchPerson
from storage import co_writing as kept
from storage import objectives, people

MOST = 8
"""Who write one draft together: more is a meeting."""


async def share(asking: Asking) -> Answer:
    """共创 O12 @李四 · 共创 O12 · 共创"""
    objective, words = await _draft(asking, "共创")
    person = await meant_person(asking, words, f"共创 {objective.ref}", "请哪一个")
    if person is None and words:
        raise NoSuchPerson(words[:20])
    if person is None:
        return await _told(asking, objective)
    await goals.require_draft_owner(asking, objective, objective.ref, Right.SUBMIT)
    writers = await kept.writers(asking.session, objective.id)
    if person.id == asking.asker.id or len(writers) >= MOST:
        return await _told(asking, objective, full=len(writers) >= MOST)
    if not writers:
        await co_writing.note_shown(asking, objective, asking.asker.id)
    if not await kept.invite(asking.session, objective.id, person.id):
        return await _told(asking, objective)
    await co_writing.note_shown(asking, objective, person.id)
    return await _told(asking, objective, co_writing.letter(asking, objective, person.id, "invited_to_write"))


async def take_back(asking: Asking) -> Answer:
    """取消共创 O12 @李四"""
    objective, words = await _draft(asking, "取消共创")
    await goals.require_draft_owner(asking, objective, objective.ref, Right.SUBMIT)
    writers = await kept.writers(asking.session, objective.id)
    person = await meant_person(asking, words, f"取消共创 {objective.ref}")
    if person is None and len(writers) > 1:
        named = await people.by_ids(asking.session, writers)
        choices = [Choice(one.name, f"取消共创 {objective.ref} {one.number}") for one in named.values()]
        raise Misunderstood(question("which", choices[:6], what=f"{objective.ref} 不再和谁一起写?"))
    gone = writers[0] if person is None and writers else person.id if person is not None else None
    if gone is None or not await kept.part(asking.session, objective.id, gone):
        return await _told(asking, objective)
    return await _told(asking, objective, co_writing.letter(asking, objective, gone, "no_longer_writes"))


async def leave(asking: Asking) -> Answer:
    """退出共创 O12"""
    objective, _ = await _draft(asking, "退出共创")
    if not await kept.part(asking.session, objective.id, asking.asker.id):
        raise NoSuchGoal(f"和你一起写的 {objective.ref}")
    owner = await goals.owner_of(asking, objective)
    return Answer(
        card=notice("left_writing", ref=objective.ref, title=objective.title, owner=owner.name),
        in_place=True,
        restricted=True,
        letters=(co_writing.letter(asking, objective, owner.id, "writer_left"),),
    )


async def _draft(asking: Asking, verb: str) -> tuple[Objective, str]:
    """The draft that is meant, and what follows: by its id, else the only one that the asker writes."""
    ref, rest = take_ref(asking.rest, "O")
    if ref is None or ref.kind not in ("O", "KR"):
        ref, rest = take_ref(asking.about, "O")[0], asking.rest
    if ref is not None and ref.kind == "KR":
        objective, _ = await goals.key_result(asking, ref.number)
    elif ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
    else:
        objective = await _only(asking, verb, rest)
    if objective.state is not State.DRAFT:
        raise IllegalMove(str(objective.state), verb, ("修改", "建议"), objective.ref)
    return objective, rest


async def _only(asking: Asking, verb: str, rest: str) -> Objective:
    shared = [
        draft
        for objective_id in await kept.shared_with(asking.session, asking.asker.id)
        if (draft := await objectives.by_id(asking.session, objective_id)) is not None
    ]
    own = [] if verb == "退出共创" else await goals.running(asking, (State.DRAFT,))
    drafts = [*own, *shared]
    if len(drafts) == 1:
        return drafts[0]
    if not drafts:
        raise NoSuchGoal("一起写的草稿")
    raise Misunderstood(
        question(
            "which",
            [
                Choice(f"{draft.ref} {draft.title}"[:20], f"{verb} {draft.ref} {rest}".strip())
                for draft in drafts[:6]
            ],
            what=f"{verb}哪一个草稿?",
        )
    )


async def _told(asking: Asking, objective: Objective, *letters: Letter, full: bool = False) -> Answer:
    """Who writes it now."""
    ids = await kept.writers(asking.session, objective.id)
    named = await people.by_ids(asking.session, ids)
    owner = await goals.owner_of(asking, objective)
    card = notice(
        "who_writes",
        about=objective.ref,
        ref=objective.ref,
        title=objective.title,
        owner=owner.name,
        own=owner.id == asking.asker.id,
        writers=[{"name": named[one].name, "number": named[one].number} for one in ids],
        full=full,
        most=MOST + 1,
    )
    return Answer(card=card, in_place=asking.pressed, restricted=True, letters=letters)


ROUTES = (
    Route(
        words=("共创", "一起写"),
        handle=share,
        topic="定目标",
        does="请同事和你一起写一个草稿,两个人都能改",
        examples=("共创 {o} @{mate}",),
    ),
    Route(
        words=("取消共创",),
        handle=take_back,
        topic="定目标",
        does="不再和谁一起写",
        examples=("取消共创 {o} @{mate}",),
    ),
    Route(
        words=("退出共创",),
        handle=leave,
        topic="定目标",
        does="不再写别人请你写的草稿",
        examples=("退出共创 {o}",),
    ),
)
