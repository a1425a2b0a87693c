"""The platform's own client, unmodified, takes the make-believe platform for the real one.

It runs in a process of its own: it blocks its event loop while it opens a connection, and cannot be cancelled.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.transcript import Bubble
from tests.sandbox.dingtalk_client import GROUP, Desk, desk

CLIENT = Path(__file__).parent / "dingtalk_sdk_client.py"


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        office.fake.patience.ack = 5.0
        client = await asyncio.create_subprocess_exec(
            sys.executable,
            str(CLIENT),
            office.fake.base_url,
            office.fake.client_id,
            office.fake.client_secret,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(office.fake.stream.connected.wait(), 10)
            yield office
        finally:
            client.kill()
            await client.wait()


def shown(office: Desk) -> Bubble:
    return office.fake.transcript.bubbles[-1]


async def test_hears_answers_and_acknowledges(office: Desk) -> None:
    said = await office.fake.say("dt-li", "KR1 80%", group=GROUP)
    assert (shown(office).author, shown(office).conversation_id) == ("bot", GROUP)
    assert (shown(office).kind, shown(office).text) == ("text", "李四 说:KR1 80%")
    assert shown(office).mentions == ("dt-li",)

    await office.fake.say("dt-li", "发张卡", quotes=said.id)
    assert (shown(office).kind, shown(office).title, shown(office).text) == ("card", "审批", "按一下")
    pressed = await office.fake.press("dt-li", shown(office).id, "同意")
    assert (pressed.acked, pressed.updated) == (True, True)
    assert shown(office).text == "dt-li 按了 ok"

    await office.fake.ping()
    event = await office.fake.happen("user_leave_org", {"userId": ["dt-li"]})
    assert event is not None
    assert await event.wait(2)
    assert office.fake.stream.opened == 1
    assert all("status" in complaint for complaint in office.fake.complaints), "its events' answers lack it"
