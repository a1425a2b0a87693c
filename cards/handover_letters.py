"""Who hears what of a handover, whether somebody said so in the chat or somebody has left."""

from __future__ import annotations

from collections.abc import Mapping

from cards.handover import given_card, received_card
from cards.notices import notice
from chat.answers import Letter, Redraw, Urgency
from okr.handover import Moved, Redirected
from okr.people import Person


def letters_about(
    moved: Moved,
    giver: Person,
    receiver: Person,
    known: Mapping[int, Person],
    *,
    by: Person | None,
    once: str,
) -> tuple[Letter, ...]:
    """To who has it now, to whose it was, his superior, and who waits for a decision; nobody hears what he did himself.

    `known`: everybody whom `moved` names. `by`: who said so, None for the bot where somebody has left.
    """
    author, key = by.name if by else "", f"handover:{giver.id}:{receiver.id}:{once}"[:180]
    letters = [
        Letter(
            receiver.id,
            received_card(moved, giver, receiver, author, left=not giver.active),
            f"{key}:received",
            Urgency.COLLABORATION,
        )
    ]
    if giver.active and by is not None:
        letters.append(
            Letter(giver.id, given_card(moved, receiver, author), f"{key}:given", Urgency.COLLABORATION)
        )
        above = giver.manager_id
        if above is not None and above not in (receiver.id, giver.id):
            card = notice("handed_over_below", giver=giver.name, receiver=receiver.name, by=author)
            letters.append(Letter(above, card, f"{key}:above", Urgency.COLLABORATION))
    for one in moved.redirected:
        letters += _decision(one, giver, receiver, known, key)
    for number, applicant_id in moved.stuck:
        card = notice("withdrawn_for_you", id=f"R{number}", why=f"{giver.name}手上的交给{receiver.name}了")
        letters.append(Letter(applicant_id, card, f"{key}:R{number}:stuck", Urgency.COLLABORATION))
    mine = by.id if by else None
    return tuple(letter for letter in letters if letter.to != mine)


def _decision(
    one: Redirected, giver: Person, receiver: Person, known: Mapping[int, Person], key: str
) -> list[Letter]:
    """To who asked, unless he is the one who takes over, and to who decides instead of the receiver."""
    ref, to = f"R{one.request_id}", known[one.to_id]
    why = f"{giver.name}手上的交给{receiver.name}了"
    if one.to_id != receiver.id:
        why += ",自己不批自己的"
    letters = []
    if one.applicant_id != receiver.id:
        card = notice("decider_changed", about=ref, id=ref, to=to.name, why=why)
        letters.append(Letter(one.applicant_id, card, f"{key}:{ref}:asked", Urgency.COLLABORATION))
    if one.to_id != receiver.id:
        card = notice("decision_inherited", about=ref, id=ref, why=why)
        letters.append(Letter(one.to_id, card, f"{key}:{ref}:decides", Urgency.DECISION))
    return letters


def redraws_about(moved: Moved, known: Mapping[int, Person]) -> tuple[Redraw, ...]:
    """The cards of those who decide no longer say who does."""
    return tuple(
        Redraw(
            f"request:{one.request_id}:{one.from_id}",
            notice(
                "decided_elsewhere",
                about=f"R{one.request_id}",
                id=f"R{one.request_id}",
                to=known[one.to_id].name,
            ),
        )
        for one in moved.redirected
    )
