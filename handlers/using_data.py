"""用数据: what somebody typed over a key result that data move is given up, and the data speak again."""

from __future__ import annotations

from cards.notices import notice
from cards.sayings import kr_name, say_value
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.data_scales import scales_of
from handlers.meaning import require_running
from handlers.route import Route
from okr.moments import say_moment
from storage import fed


async def use_data(asking: Asking) -> Answer:
    """用数据 KR34"""
    (objective, kr), _ = await goals.meant(asking, "用数据", goals.IN_FORCE)
    await require_running(asking, (objective, kr))
    if not fed.is_fed(kr, asking.policy.metrics):
        raise Misunderstood(notice("not_fed", about=kr.ref, ref=kr.ref))
    await fed.speak(asking.session, kr.id, await scales_of(asking))
    objective, kr = await goals.key_result(asking, kr.id)
    reading = kr.reading
    return shown(
        notice(
            "data_speaks",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            value=say_value(kr, kr.value),
            silent=reading is None or reading.typed,
            source=reading.source if reading else "",
            when=say_moment(reading.at, asking.now, asking.policy.zone) if reading else "",
        ),
        restricted=kr.measure.sealed,
    )


ROUTES = (
    Route(
        words=("用数据",),
        handle=use_data,
        topic="报进度",
        does="手工改过的数,重新跟系统数据走",
        examples=("用数据 {kr}",),
    ),
)
