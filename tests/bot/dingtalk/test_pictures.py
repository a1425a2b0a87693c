"""Pictures and files in DingTalk: linked where that is possible, uploaded where it is not, and in words otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from chat.card import Card, Face
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.platform import Receipt
from sandbox.fake_dingtalk import CallFault
from tests.bot.cupboard import DOT, MAP, NOTES, SHEET
from tests.bot.dingtalk.office import (
    DONE,
    GROUP,
    LIVE,
    PLAIN,
    Office,
    answer_to,
    letter_to,
    office,
    posted_in_group,
)

PUBLIC = "https://okr.example.com"
WORDS = Face("KR34 到 70% 了", lines=("O1 62% 🟢 正常", "├ KR34 70% 🟢 正常"))
PICTURE = replace(PLAIN, picture=MAP.ref, in_words=WORDS)
LIVE_PICTURE = replace(LIVE, picture=MAP.ref, in_words=replace(LIVE.face, title="李四想改 KR34,看文字"))
FILE = Card(Face("📎 我的数据.xlsx"), file=SHEET.ref, in_words=Face("「我的数据.xlsx」在这里发不出来"))
ODD_FILE = replace(FILE, file=NOTES.ref)
UPLOAD = "/media/upload"


@pytest.fixture
async def at() -> AsyncIterator[Office]:
    async with office() as ours:
        yield ours
        assert ours.fake.complaints == []


def linked(at: Office) -> str:
    at.ears.files.public = PUBLIC
    return f"]({PUBLIC}/files/{MAP.ref}?"


async def deliver(at: Office, card: Card, *, ref: str = "okr-7", who: str = "dt-li") -> Receipt:
    return await at.platform.deliver(letter_to(who, card, ref=ref))


# --- pictures -------------------------------------------------------------------------------------


async def test_with_an_address_of_ours_a_picture_is_linked_in_every_form_and_costs_no_call(
    at: Office,
) -> None:
    address = linked(at)
    words = await deliver(at, PICTURE)
    card = await deliver(at, LIVE_PICTURE, ref="okr-8")
    shown = at.from_bot("dt-li")

    assert [(receipt.form, receipt.calls) for receipt in (words, card)] == [("markdown", 1), ("card", 1)]
    assert all(address in bubble.text for bubble in shown)
    assert shown[0].text.index("KR34 到 70% 了**") < shown[0].text.index(address) < shown[0].text.index("O12")
    assert at.called(UPLOAD) == 0


async def test_without_one_it_is_uploaded_once_and_stands_in_the_same_message(at: Office) -> None:
    first = await deliver(at, PICTURE)
    again = await deliver(at, PICTURE, ref="okr-8", who="dt-wang")
    [shown] = at.from_bot("dt-li")
    [upload] = at.fake.media.uploads.values()

    assert (first.calls, again.calls) == (2, 1)
    assert f"![KR34 到 70% 了]({upload.id})" in shown.text
    assert (upload.kind, upload.name, upload.content) == ("image", "目标地图.png", DOT)
    assert at.called(UPLOAD) == 1


async def test_an_uploaded_picture_stands_on_no_interactive_card(at: Office) -> None:
    receipt = await deliver(at, LIVE_PICTURE)
    [shown] = at.from_bot("dt-li")

    assert (receipt.form, receipt.buttons) == ("action_card", True)
    assert [button.label for button in shown.buttons] == ["同意", "驳回"]
    assert "![" in shown.text


async def test_an_answer_with_a_picture_goes_by_the_webhook(at: Office) -> None:
    at.answers(PICTURE)
    await at.fake.say("dt-li", "目标地图", group=GROUP)
    [shown] = await at.shown(GROUP)

    assert "![" in shown.text
    assert [receipt.calls for receipt in at.ears.receipts] == [1], "the upload"


async def test_what_is_kept_no_longer_is_said_in_words(at: Office) -> None:
    at.ears.files.files.clear()
    await deliver(at, PICTURE)
    await deliver(at, LIVE_PICTURE, ref="okr-8")
    first, second = at.from_bot("dt-li")

    assert "├ KR34 70%" in first.text
    assert "![" not in first.text
    assert (second.kind, second.title) == ("card", "李四想改 KR34,看文字")


async def test_a_refused_upload_is_said_in_words(at: Office) -> None:
    at.fake.faults.calls.append(CallFault(UPLOAD, status=400, code="40009"))
    receipt = await deliver(at, PICTURE)
    [shown] = at.from_bot("dt-li")

    assert (receipt.form, receipt.calls) == ("markdown", 2)
    assert "├ KR34 70%" in shown.text


@pytest.mark.parametrize(
    "fault",
    [
        CallFault(UPLOAD, status=503),
        CallFault(UPLOAD, status=400, code="90018"),
        CallFault(UPLOAD, drop=True),
        CallFault("/v1.0/robot/*", status=503),
    ],
    ids=["server error", "too fast", "connection lost", "message not taken"],
)
async def test_what_may_work_later_shows_nothing_yet_and_costs_no_second_upload(
    at: Office, fault: CallFault
) -> None:
    at.fake.faults.calls.append(fault)
    with pytest.raises(Unreachable):
        await deliver(at, PICTURE)
    assert at.from_bot("dt-li") == []

    await deliver(at, PICTURE)
    assert len(at.from_bot("dt-li")) == 1
    assert len(at.fake.media.uploads) == (2 if fault.drop else 1)


async def test_a_token_that_was_given_up_early_is_renewed_for_an_upload(at: Office) -> None:
    await at.platform._api.token()
    at.fake.tokens.expire()

    assert (await deliver(at, PICTURE)).calls == 2
    assert len(at.from_bot("dt-li")) == 1


async def test_with_the_months_calls_used_up_an_answer_still_has_its_words(at: Office) -> None:
    at.fake.limits.monthly_calls = 0
    at.answers(PICTURE)
    await at.fake.say("dt-li", "目标地图")
    [shown] = await at.shown("dt-li")

    assert "├ KR34 70%" in shown.text
    assert at.ears.failures == []


async def test_a_form_that_is_refused_with_its_picture_ends_in_words(at: Office) -> None:
    linked(at)
    at.fake.faults.calls.append(CallFault("/v1.0/robot/*", times=1, status=400, code="contain.unsafe.url"))
    receipt = await deliver(at, PICTURE)
    [shown] = at.from_bot("dt-li")

    assert (receipt.form, shown.kind) == ("text", "text")
    assert "├ KR34 70%" in shown.text
    assert PUBLIC not in shown.text


@pytest.mark.parametrize("public", [PUBLIC, ""])
async def test_a_redrawn_card_shows_its_picture_where_it_can_be_linked(at: Office, public: str) -> None:
    at.ears.files.public = public
    done = replace(DONE, picture=MAP.ref, in_words=replace(DONE.face, lines=("看文字",)))
    at.answers(LIVE, redraw=done)
    await at.fake.say("dt-li", "待办")
    [card] = await at.shown("dt-li")
    pressed = await at.fake.press("dt-li", card.id, "同意")
    [shown] = at.from_bot("dt-li")

    assert pressed.updated
    assert ("![你批了 R8](https://okr.example.com/files/" in shown.text) == bool(public)
    assert ("看文字" in shown.text) != bool(public)


# --- files ----------------------------------------------------------------------------------------


async def test_a_file_is_a_message_of_its_own(at: Office) -> None:
    receipt = await deliver(at, FILE)
    [shown] = at.from_bot("dt-li")

    assert (receipt.form, receipt.calls) == ("file", 2)
    assert (shown.kind, shown.content["fileName"], shown.content["fileType"]) == (
        "file",
        "我的数据.xlsx",
        "xlsx",
    )
    upload = at.fake.upload(str(shown.content["mediaId"]))
    assert upload is not None
    assert (upload.kind, upload.name, upload.content) == ("file", "我的数据.xlsx", SHEET.content)


async def test_a_file_follows_into_the_group_where_it_was_asked_for(at: Office) -> None:
    await at.fake.say("dt-li", "我的数据", group=GROUP)
    await at.platform.deliver(answer_to(at.ears.events[-1], FILE))
    await at.platform.deliver(posted_in_group(FILE))

    assert [bubble.kind for bubble in at.from_bot(GROUP)] == ["file", "file"]
    assert at.called(UPLOAD) == 1


@pytest.mark.parametrize("public", [PUBLIC, ""])
async def test_what_the_robot_does_not_send_is_a_link_or_words(at: Office, public: str) -> None:
    at.ears.files.public = public
    receipt = await deliver(at, ODD_FILE)
    [shown] = at.from_bot("dt-li")

    assert (receipt.form, receipt.calls) == ("markdown", 1)
    assert (f"[点开下载]({PUBLIC}/files/{NOTES.ref}?" in shown.text) == bool(public)
    assert ("发不出来" in shown.text) != bool(public)


async def test_a_link_to_a_file_stands_in_plain_text_too(at: Office) -> None:
    linked(at)
    at.fake.faults.calls.append(CallFault("/v1.0/robot/*", status=400, code="contain.notAllowed.markdown"))
    await deliver(at, ODD_FILE)
    [shown] = at.from_bot("dt-li")

    assert shown.kind == "text"
    assert f"点开下载:{PUBLIC}/files/{NOTES.ref}?" in shown.text


async def test_a_file_for_whom_nobody_knows_is_refused(at: Office) -> None:
    with pytest.raises(Rejected) as refused:
        await deliver(at, FILE, who="nobody")
    assert refused.value.receiver


async def test_a_file_is_tried_again_and_uploaded_once(at: Office) -> None:
    at.fake.faults.calls.append(CallFault("/v1.0/robot/*", status=503))
    with pytest.raises(DeliveryFailed):
        await deliver(at, FILE)
    await deliver(at, FILE)

    assert len(at.from_bot("dt-li")) == 1
    assert at.called(UPLOAD) == 1
