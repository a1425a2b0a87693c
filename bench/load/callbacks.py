"""WeCom's side of the load: encrypted callbacks over kept connections, made before the clock starts."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from time import perf_counter, time
from urllib.parse import urlencode, urlsplit

from bench.load.stream import LATE, Person
from bench.load.sums import Sum, sum_up
from bench.load.wire import Caller, connected
from sandbox.fake_wecom.crypto import NotOurs, Seal

SAMPLE = 50
"""Every so many-th answer is opened after the run."""
_MESSAGE = (
    "<xml><ToUserName><![CDATA[{corp}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
    "<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
    "<MsgId>{number}</MsgId><AgentID>{agent}</AgentID></xml>"
)


class CallbackLoad:
    def __init__(self, seal: Seal, agent_id: int, people: Sequence[Person]) -> None:
        self._seal = seal
        self._agent_id = agent_id
        self._people = people
        self._number = int(time() * 1000) * 1_000_000

    def _request(self, path: str, host: str) -> tuple[bytes, str]:
        """A signed POST, and the value that must be in its answer."""
        self._number += 1
        number = self._number % 1_000_003
        person = self._people[number % len(self._people)]
        value = str(100 + (number * 7) % 300)
        kr = person.key_results[number // len(self._people) % len(person.key_results)]
        at, nonce = str(int(time())), secrets.token_hex(5)
        encrypted = self._seal.encrypt(
            _MESSAGE.format(
                corp=self._seal.receiver,
                user=person.user_id,
                at=at,
                text=f"更新 KR{kr} {value}",
                number=self._number,
                agent=self._agent_id,
            )
        )
        query = urlencode(
            {"msg_signature": self._seal.sign(at, nonce, encrypted), "timestamp": at, "nonce": nonce}
        )
        body = (
            f"<xml><ToUserName><![CDATA[{self._seal.receiver}]]></ToUserName>"
            f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<AgentID><![CDATA[{self._agent_id}]]></AgentID></xml>"
        ).encode()
        head = (
            f"POST {path}?{query} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body, value

    async def closed(self, url: str, connections: int, seconds: float, at_most: int) -> Sum:
        """Every connection always has a request under way, until the time or the prepared requests are over."""
        parts = urlsplit(url)
        prepared = [self._request(parts.path, parts.netloc) for _ in range(at_most)]
        waiting = iter(prepared)
        latencies: list[float] = []
        sample: list[tuple[bytes, str]] = []
        under_way: dict[Caller, tuple[float, str]] = {}
        errors = 0
        end = float("inf")
        last = 0.0

        def ask(caller: Caller) -> None:
            request = next(waiting, None)
            if request is not None and perf_counter() < end:
                under_way[caller] = perf_counter(), request[1]
                caller.call(request[0])

        def answered(caller: Caller, status: int, body: bytes) -> None:
            nonlocal errors, last
            at, value = under_way.pop(caller)
            last = perf_counter()
            latencies.append(last - at)
            if status != 200:
                errors += 1
            elif len(latencies) % SAMPLE == 0:
                sample.append((body, value))
            ask(caller)

        callers = [await connected(parts.netloc, answered) for _ in range(connections)]
        start = perf_counter()
        end = start + seconds
        for caller in callers:
            ask(caller)
        while under_way and perf_counter() < end + LATE:  # noqa: ASYNC110  # an event would cost more a request
            await asyncio.sleep(0.005)
        for caller in callers:
            caller.close()
        errors += len(under_way) + sum(value not in self._opened(body) for body, value in sample)
        return sum_up(latencies, last - start, errors)

    def _opened(self, body: bytes) -> str:
        start = body.find(b"<Encrypt><![CDATA[") + len(b"<Encrypt><![CDATA[")
        try:
            return self._seal.decrypt(body[start : body.find(b"]]>", start)].decode())
        except NotOurs:
            return ""
