"""Files that people send in DingTalk: fetched by their code, or why not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chat.events import Attachment, Message, MessageKind, NotFetched
from chat.files import MOST_RECEIVED
from sandbox.fake_dingtalk import CallFault
from tests.bot.dingtalk.office import Office, office

CSV = "日期,门店,销售额\n".encode()
ASK = "/v1.0/robot/messageFiles/download"


@pytest.fixture
async def at() -> AsyncIterator[Office]:
    async with office() as ours:
        yield ours
        assert ours.fake.complaints == []


async def heard(at: Office, name: str, content: bytes) -> Attachment:
    await at.fake.say("dt-li", name, kind="file", content=content)
    message = at.ears.events[-1]
    assert isinstance(message, Message)
    assert message.kind is MessageKind.FILE
    assert message.attachment is not None
    return message.attachment


async def test_a_table_comes_with_its_name_and_without_its_code(at: Office) -> None:
    assert await heard(at, "日数.csv", CSV) == Attachment("日数.csv", content=CSV, calls=1)


async def test_what_is_no_table_by_its_name_costs_no_call(at: Office) -> None:
    refused = await heard(at, "合同.pdf", CSV)
    assert (refused.why, refused.calls) == (NotFetched.KIND, 0)
    assert at.called(ASK) == 0


@pytest.mark.parametrize(("size", "why"), [(MOST_RECEIVED, None), (MOST_RECEIVED + 1, NotFetched.TOO_LARGE)])
async def test_more_than_may_be_is_not_read(at: Office, size: int, why: NotFetched | None) -> None:
    assert (await heard(at, "日数.csv", b"x" * size)).why is why


@pytest.mark.parametrize(
    ("fault", "why", "calls"),
    [
        (CallFault(ASK, status=400, code="invalidParameter.downloadCode"), NotFetched.GONE, 1),
        (CallFault(ASK, status=503), NotFetched.UNREACHABLE, 0),
    ],
)
async def test_a_code_that_is_not_taken(at: Office, fault: CallFault, why: NotFetched, calls: int) -> None:
    """What is refused counts for the quota; what the network loses does not."""
    at.fake.faults.calls.append(fault)

    got = await heard(at, "日数.csv", CSV)

    assert (got.why, got.calls) == (why, calls)
