"""DingTalk's side of the load: frames out on the stream, answers in on the session webhook or as cards."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, time

from bench.load.sums import Sum, sum_up
from bench.load.wire import Wire

LATE = 5.0
"""Seconds after the end of a run in which answers still count as such."""
GOALS = "我的目标"
_CARD_TO = b"IM_ROBOT."


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    key_results: tuple[int, ...]


@dataclass(slots=True)
class _Asked:
    at: float
    kind: str
    expected: bytes


def frame_template(address: str) -> str:
    """A callback frame of a private message; what differs from one to the next stands between `@`."""
    data = {
        "conversationId": "cid-@USER@",
        "chatbotCorpId": "dingbench",
        "chatbotUserId": "$:LWCP_v1:$bench",
        "msgId": "@RUN@-@N@",
        "senderNick": "压测",
        "isAdmin": False,
        "senderStaffId": "@USER@",
        "senderCorpId": "dingbench",
        "sessionWebhookExpiredTime": 4_000_000_000_000,
        "createAt": "@TIME@",
        "conversationType": "1",
        "senderId": "$:LWCP_v1:$@USER@",
        "sessionWebhook": f"{address}/reply/@N@",
        "text": {"content": "@TEXT@"},
        "robotCode": "dingbench",
        "msgtype": "text",
    }
    headers = {
        "appId": "bench",
        "connectionId": "bench",
        "contentType": "application/json",
        "messageId": "@RUN@-@N@",
        "time": "@TIME@",
        "topic": "/v1.0/im/bot/messages/get",
    }
    frame = {"specVersion": "1.0", "type": "CALLBACK", "headers": headers}
    return json.dumps({**frame, "data": json.dumps(data, ensure_ascii=False)}, ensure_ascii=False)


class StreamLoad:
    """Everything outstanding is in `_asked`, by the number in the webhook's address or the user of the card."""

    def __init__(self, address: str, people: Sequence[Person]) -> None:
        self._template = frame_template(address)
        self._people = people
        self._run = secrets.token_hex(4)
        self._asked: dict[bytes, _Asked] = {}
        self._number = 0
        self._turns = self._updates()
        self._goals = self._askers()
        self._on_reply: Callable[[_Asked, float], None] = lambda _asked, _seconds: None
        self._errors = 0

    # --- what the bots call ---

    def replied(self, number: bytes, body: bytes) -> None:
        self._settle(number, body)

    def card_shown(self, body: bytes) -> None:
        start = body.find(_CARD_TO) + len(_CARD_TO)
        self._settle(body[start : body.index(b'"', start)], body)

    def _settle(self, key: bytes, body: bytes) -> None:
        asked = self._asked.pop(key, None)
        if asked is None:
            return
        if asked.expected not in body:
            self._errors += 1
        self._on_reply(asked, perf_counter() - asked.at)

    # --- what is asked ---

    def _updates(self) -> Iterator[tuple[str, str, bytes]]:
        """User, words, and what the answer must contain. No value is a jump, and each is another."""
        turn = 0
        while True:
            for index in range(len(self._people[0].key_results)):
                turn += 1
                for place, person in enumerate(self._people):
                    value = 100 + (turn * 37 + place) % 300
                    ref = f"KR{person.key_results[index]}"
                    yield person.user_id, f"更新 {ref} {value}", str(value).encode()

    def _askers(self) -> Iterator[str]:
        while True:
            for person in reversed(self._people):
                yield person.user_id

    def _update(self, socket: Wire) -> None:
        user, text, expected = next(self._turns)
        self._send(socket, user, text, "更新", expected)

    def _ask_goals(self, socket: Wire) -> None:
        user = next(self._goals)
        self._send(socket, user, GOALS, GOALS, b"KR")

    @property
    def first(self) -> str:
        """Everybody's superior."""
        return self._people[0].user_id

    def ask_for_targets(self, socket: Wire, requests: int) -> None:
        """Let so many people ask for another target of their first key result; nobody waits for the answers."""
        for person in self._people[1 : requests + 1]:
            words = f"修改 KR{person.key_results[0]} 目标值 1200 原因 新店开业"
            self._send(socket, person.user_id, words, GOALS, b"")
        self._asked.clear()

    def _send(self, socket: Wire, user: str, text: str, kind: str, expected: bytes) -> None:
        self._number += 1
        number = str(self._number)
        frame = (
            self._template.replace("@N@", number)
            .replace("@RUN@", self._run)
            .replace("@USER@", user)
            .replace("@TEXT@", text)
            .replace("@TIME@", str(int(time() * 1000)))
        )
        key = user.encode() if kind == GOALS else number.encode()
        self._asked[key] = _Asked(perf_counter(), kind, expected)
        socket.send_text(frame.encode())

    # --- runs ---

    async def closed(self, socket: Wire, in_flight: int, seconds: float) -> Sum:
        """Always so many updates under way, for so many seconds."""
        latencies: list[float] = []
        self._errors = 0
        start = perf_counter()
        end = start + seconds

        def on_reply(_asked: _Asked, took: float) -> None:
            if perf_counter() < end:
                latencies.append(took)
                self._update(socket)

        self._on_reply = on_reply
        for _ in range(in_flight):
            self._update(socket)
        await asyncio.sleep(seconds)
        await self._drained()
        return sum_up(latencies, seconds, self._errors)

    async def count(self, socket: Wire, in_flight: int, events: int) -> Sum:
        """So many updates, however long they take."""
        latencies: list[float] = []
        self._errors = 0
        left = events
        start = perf_counter()
        done = asyncio.Event()

        def ask() -> None:
            nonlocal left
            if left > 0:
                left -= 1
                self._update(socket)
            elif not self._asked:
                done.set()

        def on_reply(_asked: _Asked, took: float) -> None:
            latencies.append(took)
            ask()

        self._on_reply = on_reply
        for _ in range(in_flight):
            ask()
        try:
            async with asyncio.timeout(120):
                await done.wait()
        except TimeoutError:
            await self._drained()
        return sum_up(latencies, perf_counter() - start, self._errors)

    async def paced(
        self, socket: Wire, rate: float, seconds: float, goals_every: int
    ) -> tuple[dict[str, Sum], int]:
        """Open loop: `rate` events a second whatever comes back, every so many-th of them 我的目标."""
        taken: dict[str, list[float]] = {"更新": [], GOALS: []}
        self._errors = 0

        def on_reply(asked: _Asked, took: float) -> None:
            taken[asked.kind].append(took)

        self._on_reply = on_reply
        start = perf_counter()
        for n in range(int(rate * seconds)):
            if (wait := start + n / rate - perf_counter()) > 0:
                await asyncio.sleep(wait)
            if n % goals_every:
                self._update(socket)
            else:
                self._ask_goals(socket)
        await self._drained()
        return {kind: sum_up(values, seconds, 0) for kind, values in taken.items()}, self._errors

    async def _drained(self) -> None:
        """Wait for what is outstanding; what does not come is an error."""
        end = perf_counter() + LATE
        while self._asked and perf_counter() < end:  # noqa: ASYNC110  # an event would cost more an answer
            await asyncio.sleep(0.005)
        self._errors += len(self._asked)
        self._asked.clear()
