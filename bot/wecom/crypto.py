"""WeCom's callback envelope: signed, encrypted, and for one receiver. Built around wechatpy's cipher.

wechatpy compares signatures with `!=` and takes any padding; both are checked here instead, and so is the
age of a request, for which the platform states no rule. Source: developer.work.weixin.qq.com 91144, 101033.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from wechatpy.enterprise.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

BLOCK = 32
STALE_AFTER = timedelta(minutes=5)

_ENVELOPE = re.compile(r"\s*(?:<\?xml[^<>]*\?>\s*)?<xml>.*</xml>\s*", re.DOTALL)
_ENCRYPTED = re.compile(r"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")


class Refused(Exception):
    """A request that is not WeCom's, not ours, or not of now: answered with 403, and nothing is done."""


class Malformed(Exception):
    """A request that cannot be read: answered with 400, and nothing is done."""


class _Cipher(PrpCrypto):  # type: ignore[misc] # wechatpy has no types
    def get_random_string(self) -> str:
        return secrets.token_hex(8)


class Envelope:
    """Opens and seals the messages of one callback address.

    `receiver` is the corp id for an app and empty for a robot. One object serves all requests.
    """

    def __init__(
        self, token: str, encoding_aes_key: str, receiver: str, *, stale_after: timedelta = STALE_AFTER
    ) -> None:
        self._token = token
        self._receiver = receiver
        self._receiver_bytes = receiver.encode()
        self._stale_after = stale_after.total_seconds()
        self._cipher = _Cipher(base64.b64decode(encoding_aes_key + "="))

    def open(self, encrypted: str, *, signature: str, timestamp: str, nonce: str, now: datetime) -> str:
        """The plain text of a message. Raises Refused or Malformed."""
        expected = self.sign(timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Refused("signature")
        self._check_age(timestamp, now)
        return self._decrypt(encrypted)

    def seal_xml(self, plain: str, *, timestamp: int, nonce: str) -> str:
        """An encrypted reply of an app."""
        encrypted = self._encrypt(plain)
        signature = self.sign(str(timestamp), nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def seal_json(self, plain: dict[str, Any], *, timestamp: int, nonce: str) -> str:
        """An encrypted reply of a robot; `nonce` must be the callback's own."""
        encrypted = self._encrypt(json.dumps(plain, ensure_ascii=False))
        signature = self.sign(str(timestamp), nonce, encrypted)
        return json.dumps(
            {"encrypt": encrypted, "msgsignature": signature, "timestamp": timestamp, "nonce": nonce}
        )

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self._token, timestamp, nonce, encrypted)
        return str(signer.signature)

    def _check_age(self, timestamp: str, now: datetime) -> None:
        try:
            age = now.timestamp() - int(timestamp)
        except ValueError:
            raise Refused("timestamp") from None
        if abs(age) > self._stale_after:
            raise Refused("stale")

    def _encrypt(self, plain: str) -> str:
        return str(self._cipher.encrypt(plain, self._receiver).decode())

    def _decrypt(self, encrypted: str) -> str:
        try:
            padded: bytes = self._cipher.cipher.decrypt(base64.b64decode(encrypted, validate=True))
        except (ValueError, binascii.Error):
            raise Refused("cipher text") from None
        content = _unpad(padded)[16:]
        length = int.from_bytes(content[:4], "big")
        if len(content) < 4 or length > len(content) - 4:
            raise Refused("length")
        if not hmac.compare_digest(content[4 + length :], self._receiver_bytes):
            raise Refused("receiver")
        try:
            return content[4 : 4 + length].decode()
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None


def open_file(content: bytes, aes_key: str) -> bytes:
    """A file that somebody sent a robot, as it was. Raises Refused. The key is base64, with or without its padding."""
    try:
        key = base64.b64decode(aes_key + "=" * (-len(aes_key) % 4), validate=True)
        padded: bytes = _Cipher(key).cipher.decrypt(content)
    except (ValueError, binascii.Error):
        raise Refused("cipher text") from None
    return _unpad(padded)


def encrypted_in_xml(body: bytes) -> str:
    """The `Encrypt` element of an app's envelope. Raises Malformed.

    What nobody has authenticated meets no XML parser: the envelope is so simple that a pattern reads it,
    and a document type, with or without entities, does not fit the pattern.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    found = _ENCRYPTED.search(text) if _ENVELOPE.fullmatch(text) else None
    if found is None:
        raise Malformed("envelope")
    return found[1]


def encrypted_in_json(body: bytes) -> str:
    """The `encrypt` member of a robot's envelope. Raises Malformed."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    encrypted = envelope.get("encrypt") if isinstance(envelope, dict) else None
    if not isinstance(encrypted, str):
        raise Malformed("envelope")
    return encrypted


def _unpad(padded: bytes) -> bytes:
    """PKCS#7 to blocks of 32 bytes, every pad byte checked."""
    pad = padded[-1] if padded else 0
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise Refused("padding")
    return padded[:-pad]
