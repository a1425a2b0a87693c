"""What a handler needs to let data speak: the company's metrics and units, as of this request."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking import Asking
from okr.objectives import Objective
from storage import day_curves, fed, sources, units
from storage.fed import Scales


async def scales_of(asking: Asking) -> Scales:
    policy = asking.policy
    known = await units.known(asking.session)
    return Scales(policy.metrics, known, policy.zone, asking.now, policy.calendar)


async def settle(asking: Asking, objective_id: int) -> list[int]:
    """What has come into force, or is measured otherwise now, shows at once what the data say."""
    if not await fed.has_any(asking.session, objective_id):
        return []
    scales = await scales_of(asking)
    await day_curves.settle(asking.session, objective_id, scales)
    return await fed.settle(asking.session, objective_id, scales)


async def stale(asking: Asking, objectives: Sequence[Objective]) -> frozenset[str]:
    """The sources in trouble, where any of these goals shows what data say."""
    fed_by = any(
        kr.metric and kr.reading and not kr.reading.typed for one in objectives for kr in one.key_results
    )
    return await sources.stale(asking.session, asking.policy, asking.now) if fed_by else frozenset()
