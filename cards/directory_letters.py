"""What people hear of a change in the directory: who decides now, and the admins where too many are missing at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cards.notices import notice
from chat.answers import Letter, Urgency
from chat.events import PlatformName
from okr.handover import Moved
from okr.people import Person

PLATFORMS: Mapping[PlatformName, str] = {PlatformName.DINGTALK: "钉钉", PlatformName.WECOM: "企业微信"}
_NAMED = 3


def letters_about_new_superior(
    moved: Moved, person: Person, now: Person, known: Mapping[int, Person], once: datetime
) -> list[Letter]:
    """To who waits for a decision, and to who has to make it now."""
    letters = []
    for one in moved.redirected:
        ref, key = f"R{one.request_id}", f"new-superior:{person.id}:{one.request_id}:{once.isoformat()}"
        why = f"你现在归{now.name}带" if one.applicant_id == person.id else f"{person.name}现在归{now.name}带"
        asked = notice("decider_changed", about=ref, id=ref, to=known[one.to_id].name, why=why)
        inherited = notice("decision_inherited", about=ref, id=ref, why=f"{person.name}现在归{now.name}带")
        letters.append(Letter(one.applicant_id, asked, f"{key}:asked", Urgency.COLLABORATION))
        letters.append(Letter(one.to_id, inherited, f"{key}:decides", Urgency.DECISION))
    for number, applicant_id in moved.stuck:
        card = notice("withdrawn_for_you", id=f"R{number}", why=f"{person.name}换了上级")
        letters.append(
            Letter(applicant_id, card, f"new-superior:{number}:{once.isoformat()}", Urgency.COLLABORATION)
        )
    return letters


def letters_about_many_leavers(
    platform: PlatformName,
    names: Sequence[str],
    *,
    known: int,
    most: float,
    admins: Sequence[int],
    day: str,
) -> list[Letter]:
    """Once a day to each admin."""
    some = "、".join(names[:_NAMED]) + (f"等 {len(names)} 人" if len(names) > _NAMED else "")
    card = notice(
        "many_leavers",
        platform=PLATFORMS[platform],
        gone=len(names),
        percent=round(len(names) * 100 / max(known, 1)),
        most=round(most * 100),
        names=some,
        command="okrbot sync directory --allow-many-leavers",
    )
    return [
        Letter(admin, card, f"many-leavers:{platform}:{day}:{admin}", Urgency.DECISION) for admin in admins
    ]
