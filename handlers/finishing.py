"""完成 goes by the id: a yes/no key result is done; on a numeric one it asks where it stands."""

from __future__ import annotations

from chat.answers import Answer
from handlers import check_ins, goals
from handlers.asking import Asking
from handlers.not_open import not_open
from handlers.reading.ids import take_ref
from handlers.route import Route


async def finish(asking: Asking) -> Answer:
    """完成 KR36"""
    ref, _ = take_ref(asking.rest)
    if ref is not None and ref.kind in ("A", "X"):
        return not_open("今日动作" if ref.kind == "A" else "协作") or Answer()
    goal, rest = await goals.meant(asking, "完成", goals.IN_FORCE)
    return await check_ins.report_on(asking, goal, f"完成 {rest}".strip())


ROUTES = (
    Route(
        words=("完成",),
        handle=finish,
        topic="报进度",
        does="做成了的事打个勾",
        examples=("完成 {kr}",),
        alone=("完成",),
    ),
)
