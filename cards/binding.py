"""What people hear when an unknown account asks to be bound: who decides, and the one who asked."""

from __future__ import annotations

from collections.abc import Sequence

from cards.directory_letters import PLATFORMS
from cards.notices import Choice, notice, question
from chat.answers import Letter, Urgency
from chat.events import Account
from chat.mobile import masked
from okr.people import Person


def letters_to_deciders(
    request_id: int, account: Account, person: Person, deciders: Sequence[int], mobile: str = ""
) -> tuple[Letter, ...]:
    """Once to each. `mobile`: by which he named himself, if he did; nobody is shown the whole of it."""
    which = f"{person.number} {account.user_id}"
    card = question(
        "binding",
        [Choice("是本人,绑定", f"确认绑定 {which}"), Choice("不是", f"拒绝绑定 {which}")],
        name=person.name,
        number=person.number,
        unit=person.unit,
        mobile=masked(mobile) if mobile else "",
        account=account.name or account.user_id,
        platform=PLATFORMS[account.platform],
    )
    return tuple(
        Letter(receiver, card, f"binding:{request_id}:{receiver}", Urgency.DECISION) for receiver in deciders
    )


def letter_about_outcome(request_id: int, account: Account, name: str, *, confirmed: bool) -> Letter:
    """To where it was asked: the preferred platform of the number's owner may be another one."""
    told = notice("binding_decided", confirmed=confirmed, name=name if confirmed else "")
    return Letter(account, told, f"bound:{request_id}", Urgency.DECISION)
