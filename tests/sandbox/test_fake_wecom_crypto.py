from __future__ import annotations

import pytest

from sandbox.fake_wecom.crypto import NotOurs, Seal
from tests.sandbox.wecom_samples import ECHO, SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_published_samples_open(sample: Sample) -> None:
    seal = Seal(sample.token, sample.key, sample.receiver)

    assert sample.holds in seal.open_reply(sample.encrypted, sample.signature, sample.timestamp, sample.nonce)


@pytest.mark.parametrize(
    ("reason", "receiver", "encrypted", "signature"),
    [
        ("signature", ECHO.receiver, ECHO.encrypted, "0" * 40),
        ("receiver", "wwOther", ECHO.encrypted, None),
        ("cipher text", ECHO.receiver, "AAAA", None),
        ("padding", ECHO.receiver, "", None),
    ],
)
def test_a_reply_that_is_not_the_bots(
    reason: str, receiver: str, encrypted: str, signature: str | None
) -> None:
    seal = Seal(ECHO.token, ECHO.key, receiver)
    with pytest.raises(NotOurs, match=reason):
        seal.open_reply(encrypted, signature or seal.sign("1", "n", encrypted), "1", "n")
