"""The board as a platform: what is answered there is read on its page, so that nothing is ever sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from chat.card import Card
from chat.errors import DeliveryFailed
from chat.events import PlatformName
from chat.platform import Ears, Parcel, Receipt

SHOWN = Receipt(form="page", buttons=True, calls=0)


class BoardPlatform:
    """It takes every parcel: an answer whose page was never seen waits there as a row."""

    @property
    def name(self) -> PlatformName:
        return PlatformName.BOARD

    def listen(self, ears: Ears) -> None:
        pass

    async def run(self, ears: Ears) -> None:
        del ears
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass

    async def deliver(self, parcel: Parcel) -> Receipt:
        del parcel
        return SHOWN

    def at_once(self, card: Card) -> int:
        del card
        return 1

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        return {parcel.id: SHOWN for parcel in parcels}

    def state(self) -> Mapping[str, str]:
        return {}
