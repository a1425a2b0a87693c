"""交接: what would move and who would be told, what has moved, and what each of those concerned reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cards.templating import render
from chat.card import Card
from okr.handover import Belongings, Moved
from okr.people import Person

SHOWN = 4
REFS = 8


def preview_card(
    what: Belongings, giver: Person, receiver: Person, told: Sequence[str], confirm: str, *, again: bool
) -> Card:
    """Before anything moves. `confirm` is the command that does it; `again`: it has changed since it was seen."""
    return render(
        "handover",
        live=True,
        asks=True,
        giver=giver.name,
        receiver=receiver.name,
        unit=receiver.unit,
        again=again,
        told=_told(told),
        confirm=confirm,
        **_what(what),
    )


def handed_over_card(moved: Moved, giver: Person, receiver: Person, told: Sequence[str]) -> Card:
    """After it has moved, to who said so."""
    redirected = [f"R{one.request_id}" for one in moved.redirected if one.to_id != receiver.id]
    return render(
        "handed_over",
        giver=giver.name,
        number=giver.number,
        receiver=receiver.name,
        receiver_number=receiver.number,
        told=_told(told),
        elsewhere=redirected,
        stuck=[f"R{number}" for number, _ in moved.stuck],
        **_what(moved.belongings),
    )


def received_card(moved: Moved, giver: Person, receiver: Person, by: str, *, left: bool) -> Card:
    """To who has it now. `left`: the one before works here no more. `by`: empty where the bot itself did it."""
    decisions = [f"R{one.request_id}" for one in moved.redirected if one.to_id == receiver.id]
    return render(
        "taken_over",
        giver=giver.name,
        by=by,
        left=left,
        decisions=decisions[:REFS],
        **_what(moved.belongings),
    )


def given_card(moved: Moved, receiver: Person, by: str) -> Card:
    """To whose it was."""
    return render("given", receiver=receiver.name, by=by, **_what(moved.belongings))


def _what(what: Belongings) -> dict[str, Any]:
    goals = [{"ref": goal.ref, "title": goal.title, "count": goal.key_results} for goal in what.goals]
    return {
        "goals": len(goals),
        "lines": goals[:SHOWN],
        "more": max(0, len(goals) - SHOWN),
        "requests": [f"R{number}" for number in what.decisions[:REFS]],
        "request_count": len(what.decisions),
        "helps": [f"X{number}" for number in what.helps[:REFS]],
        "help_count": len(what.helps),
        "asked": [f"R{number}" for number in what.asked[:REFS]],
        "first": goals[0]["ref"] if goals else "",
    }


def _told(names: Sequence[str]) -> str:
    """王店、李四, or the first two and how many."""
    if len(names) <= 3:  # so many fit on the line
        return "、".join(names)
    return f"{'、'.join(names[:2])} 等 {len(names)} 人"
