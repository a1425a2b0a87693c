"""What a handler puts on record: a line of the edit trail about the request at hand."""

from __future__ import annotations

from handlers.asking import Asking
from okr.objectives import Objective
from storage import trail
from storage.trail import Deed


async def put(
    asking: Asking,
    action: str,
    objective: Objective,
    kr_id: int | None = None,
    *,
    request_id: int | None = None,
    field: str = "",
    old: str = "",
    new: str = "",
    reason: str = "",
    text: bool = False,
    people: bool = False,
) -> None:
    """The asker did this, now, from this platform. Call it last: it holds the end of the trail (`storage.trail`).

    Nobody's name goes into the words: they are sealed with the asker's key and would outlast the other's erasure.
    With `people` old and new are row ids of employees.
    """
    await trail.record(
        asking.session,
        Deed(
            action=action,
            at=asking.now,
            actor_id=asking.asker.id,
            platform=str(asking.event.sender.platform),
            objective_id=objective.id,
            kr_id=kr_id,
            request_id=request_id,
            field=field,
            old=old,
            new=new,
            reason=reason,
            text=text,
            people=people,
        ),
    )


async def attempted(asking: Asking, what: str, objective: Objective, kr_id: int | None = None) -> None:
    """Somebody tried what is not his to do: nothing has changed, and that he tried is on record."""
    await put(asking, f"想{what}(无权)", objective, kr_id)
