"""说明原因 and 告诉上级: why one is no longer sure of a goal, and that one's superior may know."""

from __future__ import annotations

from cards.confidence_drop import CAUSES, dropped_card
from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Mark, Urgency
from handlers import goals
from handlers.asking import Asking, shown
from handlers.meaning import LONGEST_NOTE, require_running
from handlers.recording import entry_of
from handlers.route import Route
from okr.reminding import Reminder
from okr.status import judge
from storage import check_ins, people


async def because(asking: Asking) -> Answer:
    """说明原因 KR34 依赖 供应商没定"""
    (objective, kr), rest = await goals.meant(asking, "说明原因")
    await require_running(asking, (objective, kr))
    cause = next((one for one in CAUSES if rest.startswith(one)), "")
    words = rest.removeprefix(cause).strip(" ,:;")
    if not rest:
        choices = [Choice(one, f"说明原因 {kr.ref} {one}") for one in CAUSES]
        return shown(question("what_cause", choices, about=kr.ref, ref=kr.ref, name=kr_name(kr)))
    note = (f"信心原因:{cause or '别的'}" + (f",{words}" if words else ""))[:LONGEST_NOTE]
    await check_ins.record(asking.session, entry_of(asking, kr, asking.now, note))
    owner = await people.by_id(asking.session, objective.owner_id)
    can_tell = owner is not None and owner.id == asking.asker.id and owner.manager_id is not None
    card = notice(
        "cause_kept", about=kr.ref, ref=kr.ref, name=kr_name(kr), cause=cause or words, can_tell=can_tell
    )
    return shown(card, in_place=True)


async def tell(asking: Asking) -> Answer:
    """告诉上级 KR34: the owner agrees that his superior hears how unsure he is."""
    (objective, kr), rest = await goals.meant(asking, "告诉上级")
    await require_running(asking, (objective, kr))
    await goals.require_draft_owner(asking, objective, kr.ref)
    me = asking.asker
    superior = None if me.manager_id is None else await people.by_id(asking.session, me.manager_id)
    if kr.confidence is None or superior is None or not superior.active:
        card = notice("nobody_to_tell", about=kr.ref, ref=kr.ref, alone=superior is None)
        return shown(card, restricted=True)
    verdict = judge(kr, objective.cycle, asking.today, asking.policy)
    latest = await check_ins.of(asking.session, kr.id, 1)
    note = rest or (latest[0].note if latest else "")
    told = dropped_card(
        kr, verdict, before=None, note=note[:LONGEST_NOTE], limit=f"{me.name}想让你知道", owner=me
    )
    mark = Mark(Reminder.CONFIDENCE_DROP, kr.ref, "manager", 2, (f"{me.name}自己说要告诉你",))
    letter = Letter(
        superior.id,
        told,
        f"unsure:{kr.ref}:{superior.id}:{asking.today.isoformat()}",
        Urgency.COLLABORATION,
        mark=mark,
    )
    card = notice("superior_told", about=kr.ref, ref=kr.ref, superior=superior.name)
    return Answer(card, in_place=True, restricted=True, letters=(letter,))


ROUTES = (
    Route(
        words=("说明原因", "信心原因"),
        handle=because,
        topic="报进度",
        does="信心低是因为什么,记下来",
        examples=("说明原因 {kr} 依赖 供应商没定", "说明原因 {kr} 资源"),
    ),
    Route(
        words=("告诉上级",),
        handle=tell,
        topic="报进度",
        does="同意让上级知道信心低了",
        examples=("告诉上级 {kr}",),
    ),
)
