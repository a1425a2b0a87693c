"""完成 goes by the id: X is a favour that was done, a yes/no key result is done; on a numeric one it asks where it stands."""

from __future__ import annotations

from chat.answers import Answer
from handlers import blocked, check_ins, goals
from handlers.asking import Asking
from handlers.not_open import not_open
from handlers.reading.ids import take_ref
from handlers.route import Route


async def finish(asking: Asking) -> Answer:
    """完成 KR36"""
    ref, _ = take_ref(asking.rest)
    if ref is not None and ref.kind == "A":
        return not_open("今日动作") or Answer()
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
        examples=("完成 {kr}", "完成 X3"),
        alone=("完成",),
    ),
)
