"""What of a key result was changed last, in a few words, for who is asked about it again."""

from __future__ import annotations

from okr.edit_trail import FIELDS, NO_AMOUNTS
from storage import objectives, trail
from storage.session import Session

LOOKED_AT = 10
_CHANGES = ("修改", "取消")


async def of_key_result(session: Session, kr_id: int) -> str:
    """目标值 1,100 → 1,200; without the numbers where they are amounts, which not everybody may see."""
    whole = await objectives.with_key_result(session, kr_id)
    kr = next((one for one in whole.key_results if one.id == kr_id), None) if whole is not None else None
    if kr is None:
        return ""
    for line in await trail.of(session, kr_id=kr_id, limit=LOOKED_AT):
        if not line.action.startswith(_CHANGES) or not line.field:
            continue
        name = FIELDS.get(line.field, "")
        covered = kr.measure.sealed and line.field not in NO_AMOUNTS
        return name if covered or not (line.old and line.new) else f"{name} {line.old} → {line.new}"
    return ""
