"""What a handler needs to let data speak: the company's metrics and units, as of this request."""

from __future__ import annotations

from handlers.asking import Asking
from storage import fed, units
from storage.fed import Scales


async def scales_of(asking: Asking) -> Scales:
    return Scales(asking.policy.metrics, await units.known(asking.session), asking.policy.zone, asking.now)


async def settle(asking: Asking, objective_id: int) -> list[int]:
    """What has come into force, or is measured otherwise now, shows at once what the data say."""
    if not await fed.has_any(asking.session, objective_id):
        return []
    return await fed.settle(asking.session, objective_id, await scales_of(asking))
