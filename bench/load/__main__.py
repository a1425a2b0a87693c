"""The process: one JSON command a line on standard input, one JSON answer a line on standard output."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.company import AES_KEY, AGENT_ID, CORP_ID, SECRET
from bench.load.callbacks import CallbackLoad
from bench.load.presses import PressLoad
from bench.load.stream import Person, StreamLoad
from bench.load.sums import Sum
from bench.load.wire import Wire
from sandbox.fake_wecom.crypto import Seal

_TOKEN = b'{"accessToken":"bench","expireIn":7200}'
_WECOM_TOKEN = b'{"errcode":0,"errmsg":"ok","access_token":"bench","expires_in":7200}'
_CARD = b'{"success":true,"result":{"deliverResults":[{"success":true,"carrierId":"bench"}]}}'


class Load:
    """Both platforms at one address. Who has connected is known by its client id, which is its ticket."""

    def __init__(self) -> None:
        self.sockets: dict[str, Wire] = {}
        self.address = ""
        self.stream: StreamLoad | None = None
        self.callbacks: CallbackLoad | None = None
        self.presses: PressLoad | None = None

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Wire(self._answer, self._upgraded), "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def _upgraded(self, path: bytes, wire: Wire) -> None:
        ticket = parse_qs(urlsplit(path.decode()).query)["ticket"][0]
        self.sockets[ticket] = wire

    def _answer(self, path: bytes, body: bytes) -> bytes:
        if path.startswith(b"/reply/"):
            if self.stream is not None:
                self.stream.replied(path[7:], body)
            return b'{"errcode":0,"errmsg":"ok"}'
        if path == b"/v1.0/card/instances/createAndDeliver":
            if self.presses is not None:
                self.presses.card_shown(body)
            elif self.stream is not None:
                self.stream.card_shown(body)
            return _CARD
        if path == b"/v1.0/gateway/connections/open":
            endpoint = self.address.replace("http", "ws") + "/stream"
            return json.dumps({"endpoint": endpoint, "ticket": json.loads(body)["clientId"]}).encode()
        return _WECOM_TOKEN if path.startswith(b"/cgi-bin/gettoken") else _TOKEN

    async def obey(self, command: dict[str, Any]) -> object:
        """Do what a line says and return what answers it."""
        match command.pop("do"):
            case "people":
                return self._know(Path(command["file"]))
            case "forget":
                self.sockets.pop(command["who"], None)
                return "ok"
            case "connected":
                return await self._connected(command["who"])
            case "closed":
                return (await self._stream().closed(self.sockets[command.pop("who")], **command)).plain()
            case "count":
                return (await self._stream().count(self.sockets[command.pop("who")], **command)).plain()
            case "paced":
                sums, errors = await self._stream().paced(self.sockets[command.pop("who")], **command)
                return {"errors": errors, **{kind: one.plain() for kind, one in sums.items()}}
            case "approvals":
                return (await self._approvals(**command)).plain()
            case "callbacks":
                assert self.callbacks is not None
                return (await self.callbacks.closed(**command)).plain()
            case unknown:
                raise ValueError(unknown)

    def _know(self, file: Path) -> str:
        people = [Person(user, tuple(krs)) for user, krs in json.loads(file.read_text())]
        self.stream = StreamLoad(self.address, people)
        self.callbacks = CallbackLoad(Seal(SECRET, AES_KEY, CORP_ID), AGENT_ID, people)
        return "ok"

    async def _approvals(self, who: str, requests: int, rate: float) -> Sum:
        """So many people ask for another target; then their superior, the first of all, agrees to each."""
        socket, stream = self.sockets[who], self._stream()
        self.presses = PressLoad(stream.first)
        try:
            stream.ask_for_targets(socket, requests)
            await self.presses.gathered(requests)
            return await self.presses.paced(socket, rate)
        finally:
            self.presses = None

    def _stream(self) -> StreamLoad:
        assert self.stream is not None
        return self.stream

    async def _connected(self, who: str) -> str:
        """Wait for a connection of this client."""
        async with asyncio.timeout(20):
            while who not in self.sockets:  # noqa: ASYNC110  # a tenth of a second matters to nobody here
                await asyncio.sleep(0.02)
        return "ok"


async def main() -> None:
    gc.disable()
    load = Load()
    await load.listen()
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(json.dumps(load.address), flush=True)
    while line := await lines.readline():
        print(json.dumps(await load.obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
