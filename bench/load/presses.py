"""The superior's thumb: approval cards are collected as they come, and 同意 is pressed on each."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from time import perf_counter, time

from bench.load.sums import Sum, sum_up
from bench.load.wire import Wire

COME_WITHIN = 120.0
"""Seconds in which all cards have to be there: of cards the platform takes twenty a second."""
LATE = 5.0
_AGREES = re.compile(rb"%E5%90%8C%E6%84%8F\+(R[0-9]+)")
"""同意 R8, as a button carries it."""
_TRACK = re.compile(rb'"outTrackId": ?"([^"]+)"')
DONE = "你批了"


class PressLoad:
    """`cards`: of each request the reference of the card that asks about it."""

    def __init__(self, presser: str) -> None:
        self._presser = presser
        self._run = secrets.token_hex(4)
        self.cards: dict[str, str] = {}
        self._pressed: dict[str, float] = {}
        self._took: list[float] = []
        self._errors = 0

    def card_shown(self, body: bytes) -> None:
        asked, track = _AGREES.search(body), _TRACK.search(body)
        if asked is not None and track is not None:
            self.cards[asked[1].decode()] = track[1].decode()

    def acknowledged(self, frame: bytes) -> None:
        """The new face of a card comes with the acknowledgement of its press."""
        ack = json.loads(frame)
        at = self._pressed.pop(ack["headers"]["messageId"], None)
        if at is None:
            return
        self._took.append(perf_counter() - at)
        if DONE not in json.dumps(json.loads(ack["data"]), ensure_ascii=False):
            self._errors += 1

    async def gathered(self, wanted: int) -> None:
        async with asyncio.timeout(COME_WITHIN):
            while len(self.cards) < wanted:  # noqa: ASYNC110  # a tenth of a second matters to nobody here
                await asyncio.sleep(0.05)

    async def paced(self, socket: Wire, rate: float) -> Sum:
        """Press each card once, so many a second whatever comes back."""
        start = perf_counter()
        socket.heard = self.acknowledged
        for n, (request, track) in enumerate(self.cards.items()):
            if (wait := start + n / rate - perf_counter()) > 0:
                await asyncio.sleep(wait)
            self._press(socket, n, request, track)
        end = perf_counter() + LATE
        while self._pressed and perf_counter() < end:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.005)
        socket.heard = None
        return sum_up(self._took, perf_counter() - start, self._errors + len(self._pressed))

    def _press(self, socket: Wire, n: int, request: str, track: str) -> None:
        action = f"%E5%90%8C%E6%84%8F+{request}"
        message_id = f"{self._run}-{n}"
        data = {
            "type": "actionCallback",
            "outTrackId": track,
            "corpId": "dingbench",
            "userId": self._presser,
            "userIdType": 1,
            "spaceType": "IM_ROBOT",
            "spaceId": self._presser,
            "content": json.dumps({"cardPrivateData": {"actionIds": [action], "params": {"action": action}}}),
            "extension": "{}",
        }
        headers = {
            "appId": "bench",
            "connectionId": "bench",
            "contentType": "application/json",
            "messageId": message_id,
            "time": str(int(time() * 1000)),
            "topic": "/v1.0/card/instances/callback",
        }
        frame = {"specVersion": "1.0", "type": "CALLBACK", "headers": headers, "data": json.dumps(data)}
        self._pressed[message_id] = perf_counter()
        socket.send_text(json.dumps(frame).encode())
