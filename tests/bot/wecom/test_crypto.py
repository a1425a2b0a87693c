"""The sample messages that Tencent published with its own library, and what must not open."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.wecom.crypto import Envelope, Malformed, Refused, encrypted_in_json, encrypted_in_xml
from sandbox.fake_wecom.crypto import Seal
from tests.sandbox.wecom_samples import ECHO, SAMPLES, Sample

NOW = datetime(2026, 11, 23, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def envelope(sample: Sample) -> Envelope:
    return Envelope(sample.token, sample.key, sample.receiver)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_published_samples_open(sample: Sample) -> None:
    assert envelope(sample).sign(sample.timestamp, sample.nonce, sample.encrypted) == sample.signature
    then = datetime.fromtimestamp(int(sample.timestamp), UTC)
    plain = envelope(sample).open(
        sample.encrypted,
        signature=sample.signature,
        timestamp=sample.timestamp,
        nonce=sample.nonce,
        now=then,
    )
    assert sample.holds in plain


def opened_after(seconds: int) -> str:
    then = datetime.fromtimestamp(int(ECHO.timestamp) + seconds, UTC)
    return envelope(ECHO).open(
        ECHO.encrypted, signature=ECHO.signature, timestamp=ECHO.timestamp, nonce=ECHO.nonce, now=then
    )


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_a_request_of_now_opens(seconds: int) -> None:
    assert opened_after(seconds) == "1288432023552776189"


@pytest.mark.parametrize("seconds", [301, -301])
def test_an_old_request_is_refused(seconds: int) -> None:
    with pytest.raises(Refused, match="stale"):
        opened_after(seconds)


def test_the_window_can_be_widened() -> None:
    wide = Envelope(ECHO.token, ECHO.key, ECHO.receiver, stale_after=timedelta(days=10000))

    assert wide.open(
        ECHO.encrypted, signature=ECHO.signature, timestamp=ECHO.timestamp, nonce=ECHO.nonce, now=NOW
    )


@pytest.mark.parametrize("receiver", ["", ECHO.receiver])
@pytest.mark.parametrize("plain", ["", "a", "字" * 11, "x" * 5000])
def test_what_we_seal_the_platform_opens(plain: str, receiver: str) -> None:
    ours, theirs = Envelope(ECHO.token, ECHO.key, receiver), Seal(ECHO.token, ECHO.key, receiver)
    xml = ours.seal_xml(plain, timestamp=5, nonce="n")
    found = re.search(r"<Encrypt><!\[CDATA\[(.+?)\]\].*<MsgSignature><!\[CDATA\[(.+?)\]\]", xml)

    assert found is not None
    assert theirs.open_reply(found[1], found[2], "5", "n") == plain


@pytest.mark.parametrize(
    ("reason", "encrypted"), [("cipher text", "AAAA"), ("cipher text", "!"), ("padding", "")]
)
def test_signed_nonsense_is_refused(reason: str, encrypted: str) -> None:
    ours = envelope(ECHO)
    with pytest.raises(Refused, match=reason):
        ours.open(encrypted, signature=ours.sign(STAMP, "n", encrypted), timestamp=STAMP, nonce="n", now=NOW)


@pytest.mark.parametrize("receiver", ["", "wwOther", ECHO.receiver + "x", ECHO.receiver[:-1]])
def test_what_is_for_another_receiver_is_refused(receiver: str) -> None:
    ours, encrypted = envelope(ECHO), Seal(ECHO.token, ECHO.key, receiver).encrypt("hi")
    with pytest.raises(Refused, match="receiver"):
        ours.open(encrypted, signature=ours.sign(STAMP, "n", encrypted), timestamp=STAMP, nonce="n", now=NOW)


@pytest.mark.parametrize("pad", [b"\x00" * 32, b"\x21" * 33, b"\x01\x02", b"\x03" * 2 + b"\x04"])
def test_every_byte_of_the_padding_counts(pad: bytes) -> None:
    key = base64.b64decode(ECHO.key + "=")
    message = b"m" * (96 - 20 - len(ECHO.receiver) - len(pad))
    content = bytes(16) + len(message).to_bytes(4, "big") + message + ECHO.receiver.encode() + pad
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    encrypted = base64.b64encode(encryptor.update(content) + encryptor.finalize()).decode()
    ours = envelope(ECHO)
    with pytest.raises(Refused, match="padding"):
        ours.open(encrypted, signature=ours.sign(STAMP, "n", encrypted), timestamp=STAMP, nonce="n", now=NOW)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<xml><Encrypt><![CDATA[AbC+/=]]></Encrypt></xml>", "AbC+/="),
        (b"\n<?xml version='1.0'?>\n<xml><A>1</A><Encrypt>AbC</Encrypt></xml>\n", "AbC"),
        (b"<xml><Encrypt></Encrypt></xml>", None),
        (b"<xml><Encrypt>&lt;</Encrypt></xml>", None),
        (b"<!DOCTYPE xml><xml><Encrypt>AbC</Encrypt></xml>", None),
        (b"<?xml version='1.0'?><!DOCTYPE xml><xml><Encrypt>AbC</Encrypt></xml>", None),
        (b"<Encrypt>AbC</Encrypt>", None),
        (b"", None),
    ],
)
def test_the_envelope_is_read_without_a_parser(body: bytes, found: str | None) -> None:
    if found is None:
        with pytest.raises(Malformed):
            encrypted_in_xml(body)
    else:
        assert encrypted_in_xml(body) == found


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"encrypt":1}', b"\xff"])
def test_a_robots_envelope_is_an_object_with_a_text(body: bytes) -> None:
    with pytest.raises(Malformed):
        encrypted_in_json(body)
