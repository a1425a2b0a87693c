"""完成 goes by the id: A ticks what was to be done today, X is a favour that was done, a yes/no key result is done; on a
numeric one it asks where it stands.
"""

from __future__ import annotations

from chat.answers import Answer
from handlers import blocked, check_ins, day_actions, goals
from handlers.asking import Asking
from handlers.reading.ids import find_refs, take_ref
from handlers.route import Route


async def finish(asking: Asking) -> Answer:
    """完成 KR36"""
    ref, _ = take_ref(asking.rest)
    if ref is not None and ref.kind == "A":
        numbers = [one.number for _, _, one in find_refs(asking.rest) if one.kind == "A"]
        return await day_actions.tick(asking, numbers)
    if (ref is not None and ref.kind == "X") or (ref is None and asking.about.startswith("X")):
        return await blocked.resolve(asking)
    goal, rest = await goals.meant(asking, "完成", goals.IN_FORCE)
    return await check_ins.report_on(asking, goal, f"完成 {rest}".strip())


ROUTES = (
    Route(
        words=("完成",),
        handle=finish,
        topic="报进度",
        does="做成了的事打个勾",
        examples=("完成 {kr}", "完成 A5", "完成 X3"),
        alone=("完成",),
    ),
)
