"""HTTP and WebSocket in a few lines, so that the load generator is not what is measured.

Just what the two sides send: requests with a Content-Length, and masked text frames, read only where somebody asks for them.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _PING, _CLOSE = 0x1, 0x9, 0x8

Answer = Callable[[bytes, bytes], bytes]
"""From a request's path and body to the JSON that answers it."""


class Wire(asyncio.Protocol):
    """One connection: HTTP requests until it is upgraded, WebSocket frames from then on."""

    def __init__(self, answer: Answer, upgraded: Callable[[bytes, Wire], None]) -> None:
        self._answer = answer
        self._upgraded = upgraded
        self._buffer = bytearray()
        self._is_socket = False
        self._transport: asyncio.Transport | None = None
        self.heard: Callable[[bytes], None] | None = None
        """Is given the text of each frame, while it is set."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer and (self._frame() if self._is_socket else self._request()):
            pass

    def send_text(self, text: bytes) -> None:
        """One unmasked text frame."""
        length = len(text)
        head = bytes((0x81, length)) if length < 126 else b"\x81\x7e" + length.to_bytes(2, "big")
        self._write(head + text)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _request(self) -> bool:
        """Answer one request; false where it is not yet here as a whole."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end])
        low = head.lower()
        at = low.find(b"content-length:")
        length = int(low[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return False
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        path = head.split(b" ", 2)[1]
        if b"upgrade: websocket" in low:
            self._upgrade(path, head, low)
        else:
            answer = self._answer(path, body)
            self._write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )
        return True

    def _upgrade(self, path: bytes, head: bytes, low: bytes) -> None:
        at = low.index(b"sec-websocket-key:") + 18
        key = head[at:].split(b"\r\n", 1)[0].strip()
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
        self._write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
        )
        self._is_socket = True
        self._upgraded(path, self)

    def _frame(self) -> bool:
        """Take one frame, all of which are acknowledgements; pings are answered."""
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        opcode, length, at = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        if length >= 126:
            at = 4 if length == 126 else 10
            length = int.from_bytes(buffer[2:at], "big")
        if len(buffer) < at + 4 + length:
            return False
        if opcode == _PING:
            pong = _bare(buffer, at, length)
            self._write(bytes((0x8A, len(pong))) + pong)
        elif opcode == _TEXT and self.heard is not None:
            self.heard(_bare(buffer, at, length))
        elif opcode == _CLOSE:
            self._write(b"\x88\x00")
        del buffer[: at + 4 + length]
        return True


def _bare(buffer: bytearray, at: int, length: int) -> bytes:
    """The payload behind its mask."""
    mask, payload = buffer[at : at + 4], buffer[at + 4 : at + 4 + length]
    return bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


class Caller(asyncio.Protocol):
    """One kept connection to a server: a request at a time, `answered` is called with each response's body."""

    def __init__(self, answered: Callable[[Caller, int, bytes], None]) -> None:
        self._answered = answered
        self._buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def call(self, request: bytes) -> None:
        assert self.transport is not None
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        body, self._buffer = self._buffer[end + 4 : end + 4 + length], b""
        self._answered(self, int(head[9:12]), body)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def connected(netloc: str, answered: Callable[[Caller, int, bytes], None]) -> Caller:
    """A caller with its connection open; `netloc` is `host:port`."""
    host, _, port = netloc.partition(":")
    _, caller = await asyncio.get_running_loop().create_connection(lambda: Caller(answered), host, int(port))
    return caller
