"""The platform's side of the callback envelope, written without wechatpy so that it checks the bot's.

Source: developer.work.weixin.qq.com 91144; the published sample messages open with it (see the tests).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class NotOurs(Exception):
    """A reply that the platform would not accept; the message says why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """`receiver` is the corp id for an app, empty for a robot."""

    token: str
    aes_key: str
    receiver: str

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted([self.token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - the protocol says SHA-1

    def encrypt(self, plain: str) -> str:
        message = plain.encode()
        content = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + self.receiver.encode()
        pad = _BLOCK - len(content) % _BLOCK
        encryptor = self._cipher().encryptor()
        padded = content + bytes([pad]) * pad
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Raises NotOurs."""
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
        except ValueError as error:
            raise NotOurs(f"cipher text: {error}") from None
        pad = padded[-1] if padded else 0
        if not 1 <= pad <= _BLOCK or set(padded[-pad:]) != {pad}:
            raise NotOurs("padding")
        content = padded[16:-pad]
        end = 4 + int.from_bytes(content[:4], "big")
        if content[end:] != self.receiver.encode():
            raise NotOurs("receiver")
        return content[4:end].decode()

    def wrapped(self, content: bytes) -> bytes:
        """A file as it lies behind its address."""
        pad = _BLOCK - len(content) % _BLOCK
        encryptor = self._cipher().encryptor()
        return encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()

    def open_reply(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
        """The plain text of a signed reply. Raises NotOurs."""
        if self.sign(timestamp, nonce, encrypted) != signature:
            raise NotOurs("signature")
        return self.decrypt(encrypted)

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
