"""What the platforms say has changed is kept, or it comes again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.dingtalk.payloads import changes_in
from bot.wecom.payloads import read_changes
from chat.directory import Change, ChangeKind
from chat.events import PlatformName
from tests.bot.dingtalk import office as dingtalk
from tests.bot.wecom import office as wecom

DING, WECOM = PlatformName.DINGTALK, PlatformName.WECOM
PERSON, UNIT = ChangeKind.PERSON, ChangeKind.UNIT


def frame(kind: str, data: Any) -> dict[str, Any]:
    return {"type": "EVENT", "headers": {"eventType": kind, "messageId": "m"}, "data": json.dumps(data)}


@pytest.mark.parametrize(
    ("kind", "data", "changes"),
    [
        ("user_add_org", {"userId": ["u1", "u2"]}, (Change(PERSON, DING, "u1"), Change(PERSON, DING, "u2"))),
        ("user_leave_org", {"userId": "u1"}, (Change(PERSON, DING, "u1"),)),
        ("user_modify_org", {"diffInfo": {}, "userId": ["u1"]}, (Change(PERSON, DING, "u1"),)),
        ("org_dept_modify", {"deptId": [7]}, (Change(UNIT, DING, "7"),)),
        ("org_dept_remove", {}, ()),
        ("chat_add_member", {"userId": ["u1"]}, ()),
        ("user_add_org", ["?"], ()),
    ],
)
def test_dingtalks_events(kind: str, data: Any, changes: tuple[Change, ...]) -> None:
    assert changes_in(frame(kind, data)) == changes


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ("<ChangeType>create_user</ChangeType><UserID>WxA</UserID>", (Change(PERSON, WECOM, "WxA"),)),
        ("<ChangeType>delete_user</ChangeType><UserID>WxA</UserID>", (Change(PERSON, WECOM, "WxA"),)),
        (
            "<ChangeType>update_user</ChangeType><UserID>WxA</UserID><NewUserID>WxB</NewUserID>",
            (Change(PERSON, WECOM, "WxB", "WxA"),),
        ),
        ("<ChangeType>update_party</ChangeType><Id>7</Id>", (Change(UNIT, WECOM, "7"),)),
        ("<ChangeType>update_party</ChangeType>", ()),
        ("<ChangeType>update_tag</ChangeType><TagId>1</TagId>", ()),
    ],
)
def test_wecoms_events(fields: str, changes: tuple[Change, ...]) -> None:
    head = (
        "<ToUserName>ww1</ToUserName><FromUserName>sys</FromUserName><CreateTime>1700000000</CreateTime>"
        "<MsgType>event</MsgType>"
    )

    assert read_changes(f"<xml>{head}<Event>change_contact</Event>{fields}</xml>") == changes
    assert read_changes(f"<xml>{head}<Event>subscribe</Event>{fields}</xml>") == ()


async def test_dingtalk_sends_again_what_was_not_kept() -> None:
    async with dingtalk.office() as office:
        office.ears.broken = 1
        office.fake.patience.redelivery, office.fake.patience.redeliveries = 0.05, 1
        push = await office.fake.hire("dt-qian", "钱七")
        assert push is not None

        assert await push.wait(30)
        assert office.ears.changes == [Change(PERSON, DING, "dt-qian")]
        assert json.loads(push.ack["data"])["status"] == "SUCCESS"
        assert len(push.message_ids) == 2


async def test_dingtalks_other_events_are_taken_and_forgotten() -> None:
    async with dingtalk.office() as office:
        push = await office.fake.happen("chat_update_title", {"title": "新名字"})
        assert push is not None

        assert await push.wait(30)
        assert office.ears.changes == []


async def test_wecom_sends_again_what_was_not_kept() -> None:
    async with wecom.office() as office:
        office.ears.broken = 1

        assert await office.fake.hire("WxQian", "钱七")
        assert office.ears.changes == [Change(PERSON, WECOM, "WxQian")]
        assert office.ears.events == []
