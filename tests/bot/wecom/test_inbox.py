"""Files that people send the robot in WeCom: decrypted with the key of their way, or why not; the app is sent none."""

from __future__ import annotations

import pytest

from chat.events import Attachment, Message, MessageKind, NotFetched
from chat.files import MOST_RECEIVED
from tests.bot.wecom.office import Office, office, until

CSV = "日期,门店,销售额\n".encode()


async def heard(at: Office, name: str, content: bytes) -> Attachment:
    before = len(at.ears.events)
    await at.fake.say("WxLi", name, via="robot", kind="file", content=content)
    await until(lambda: len(at.ears.events) > before)
    message = at.ears.events[-1]
    assert isinstance(message, Message)
    assert message.kind is MessageKind.FILE
    assert message.attachment is not None
    return message.attachment


@pytest.mark.parametrize("robot", ["websocket", "callback"])
async def test_a_file_is_opened_and_its_secrets_are_gone(robot: str) -> None:
    async with office(robot) as at:
        for content in (CSV, b"x" * 32, b""):
            assert await heard(at, "日数 9月.csv", content) == Attachment("日数 9月.csv", content=content)


@pytest.mark.parametrize("robot", ["websocket", "callback"])
async def test_what_cannot_be_used_is_told_by_its_reason(robot: str) -> None:
    async with office(robot) as at:
        assert (await heard(at, "合同.pdf", CSV)).why is NotFetched.KIND
        assert (await heard(at, "大.csv", b"x" * MOST_RECEIVED)).why is None
        assert (await heard(at, "大.csv", b"x" * (MOST_RECEIVED + 33))).why is NotFetched.TOO_LARGE


@pytest.mark.parametrize("robot", ["websocket", "callback"])
async def test_an_address_whose_time_is_over(robot: str) -> None:
    async with office(robot) as at:
        at.fake.faults.late_files = True

        assert (await heard(at, "日数.csv", CSV)).why is NotFetched.GONE


async def test_the_app_hears_of_no_file() -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "日数.csv", kind="file", content=CSV)
        await at.fake.say("WxLi", "你好")

        assert [event.text for event in at.ears.events if isinstance(event, Message)] == ["你好"]
