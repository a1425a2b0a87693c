"""What goes in one call: letters of equal words to different people, as far as the platform takes them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chat.card import Card, dump_card
from chat.events import PlatformName
from storage.letters import Waiting

AtOnce = Callable[[PlatformName, Card], int]
"""How many people one call of a platform may bring this content."""


def in_turns(claimed: Sequence[Waiting]) -> list[list[Waiting]]:
    """What may go side by side, one lot after the other: of what counts towards one person's ceiling one in each."""
    lots: list[list[Waiting]] = []
    taken: dict[int, int] = {}
    for waiting in claimed:
        lot = 0
        if waiting.mark is not None and waiting.employee_id is not None:
            lot = taken.get(waiting.employee_id, 0)
            taken[waiting.employee_id] = lot + 1
        if lot == len(lots):
            lots.append([])
        lots[lot].append(waiting)
    return lots


def bundled(ready: Sequence[Waiting], at_once: AtOnce) -> list[list[Waiting]]:
    """Addressed letters as they go: what can only go by itself is a bundle of one."""
    bundles: list[list[Waiting]] = []
    open_ones: dict[tuple[PlatformName, str], list[Waiting]] = {}
    for waiting in ready:
        parcel = waiting.parcel
        most = 1
        if waiting.employee_id is not None and parcel.conversation is None and not parcel.route:
            most = at_once(parcel.platform, parcel.card)
        if most == 1:
            bundles.append([waiting])
            continue
        content = (parcel.platform, dump_card(parcel.card))
        bundle = open_ones.get(content)
        if bundle is None or len(bundle) >= most or any(one.parcel.to == parcel.to for one in bundle):
            bundle = open_ones[content] = []
            bundles.append(bundle)
        bundle.append(waiting)
    return bundles
