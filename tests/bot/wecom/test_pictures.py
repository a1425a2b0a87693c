"""Pictures and files in WeCom: by the app, by the robot's socket, and in the robot's reply; in words otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from chat.card import Card, Face
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.events import ChatKind, Conversation, PlatformName
from chat.files import File
from chat.platform import Parcel, Receipt
from sandbox.transcript import Bubble
from tests.bot.cupboard import DOT, MAP, NOTES, SHEET
from tests.bot.wecom.office import (
    AT_ONCE,
    DONE,
    GROUP,
    LIVE,
    PLAIN,
    SLOW,
    Office,
    letter_to,
    office,
    parcel_for,
    posted_in,
    until,
)

PUBLIC = "https://okr.example.com"
WORDS = Face("KR34 到 70% 了", lines=("O1 62% 🟢 正常", "├ KR34 70% 🟢 正常"))
PICTURE = replace(PLAIN, picture=MAP.ref, in_words=WORDS)
LIVE_PICTURE = replace(LIVE, picture=MAP.ref, in_words=WORDS)
FILE = Card(Face("📎 我的数据.xlsx"), file=SHEET.ref, in_words=Face("「我的数据.xlsx」在这里发不出来"))
LARGE = File("很大.zip", "application/zip", b"PK" + bytes(1_200_000))
THERE = Conversation(PlatformName.WECOM, GROUP, ChatKind.GROUP)
APP, ROBOT = "app:WxLi", "robot:WxLi"


@pytest.fixture
async def app() -> AsyncIterator[Office]:
    async with office() as ours:
        yield ours
        assert ours.fake.complaints == []


@pytest.fixture
async def robot() -> AsyncIterator[Office]:
    async with office("websocket") as ours:
        yield ours
        assert ours.fake.complaints == []


@pytest.fixture
async def address() -> AsyncIterator[Office]:
    async with office("callback") as ours:
        yield ours
        assert ours.fake.complaints == []


async def whole(at: Office, card: Card, *, who: str = "WxLi", ref: str = "okr-7") -> list[Receipt]:
    """Deliver a letter and what follows it, as the postman does."""
    receipts = [await at.platform.deliver(letter_to(who, card, ref=ref))]
    while (rest := receipts[-1].rest) is not None:
        receipts.append(await at.platform.deliver(letter_to(who, rest, ref=f"{ref}-{len(receipts)}")))
    return receipts


async def heard(at: Office, card: Card) -> Parcel:
    """The answer to what has just been said, which a test delivers itself."""
    await until(lambda: at.ears.events)
    return parcel_for(at.ears.events[-1], card)


def uploads(at: Office) -> int:
    return sum("upload" in request.name and "chunk" not in request.name for request in at.fake.requests)


def shows(at: Office, bubble: Bubble) -> bytes:
    upload = at.fake.upload(str(bubble.content["media_id"]))
    assert upload is not None
    return upload.content


# --- the app --------------------------------------------------------------------------------------


@pytest.mark.parametrize("public", ["", PUBLIC])
async def test_the_app_shows_the_picture_and_then_the_card_with_its_buttons(app: Office, public: str) -> None:
    app.ears.files.public = public
    receipts = await whole(app, LIVE_PICTURE)
    picture, card = app.from_bot(APP)

    assert [(receipt.form, receipt.calls) for receipt in receipts] == [("image", 2), ("template_card", 1)]
    assert (picture.kind, shows(app, picture)) == ("image", DOT)
    assert (card.kind, [button.label for button in card.buttons]) == ("template_card", ["同意", "驳回"])
    assert card.title == LIVE.face.title


async def test_an_answer_with_a_picture_is_no_passive_text(app: Office) -> None:
    app.answers(PICTURE)
    await app.fake.say("WxLi", "目标地图")
    picture, words = await app.shown(APP, 2)

    assert (picture.kind, words.kind) == ("image", "text")
    assert "O12" in words.text


async def test_a_picture_is_uploaded_once_for_everybody(app: Office) -> None:
    await whole(app, PICTURE)
    await whole(app, PICTURE, who="WxWang", ref="okr-8")

    assert [bubble.kind for bubble in (*app.from_bot(APP), *app.from_bot("app:WxWang"))] == [
        "image",
        "text",
    ] * 2
    assert uploads(app) == 1


async def test_an_upload_that_is_known_no_longer_is_made_again(app: Office) -> None:
    app.ears.files.uploads[MAP.ref, "wecom-app"] = "media-of-last-week"
    await whole(app, PICTURE)

    assert [bubble.kind for bubble in app.from_bot(APP)] == ["image", "text"]
    assert app.ears.files.uploads[MAP.ref, "wecom-app"] != "media-of-last-week"


@pytest.mark.parametrize("uploaded_before", [False, True], ids=["upload too often", "message too often"])
async def test_what_may_work_later_shows_nothing_yet(app: Office, uploaded_before: bool) -> None:
    if uploaded_before:
        await whole(app, PICTURE, who="WxWang", ref="okr-8")
    app.fake.faults.next_errors.append(45009)
    with pytest.raises(Unreachable):
        await whole(app, PICTURE)
    assert app.from_bot(APP) == []

    await whole(app, PICTURE)
    assert [bubble.kind for bubble in app.from_bot(APP)] == ["image", "text"]
    assert uploads(app) == (1 if uploaded_before else 2)


async def test_a_token_that_was_given_up_early_is_renewed_for_an_upload(app: Office) -> None:
    app.fake.faults.next_errors.append(42001)
    await whole(app, PICTURE)

    assert len(app.from_bot(APP)) == 2


@pytest.mark.parametrize("code", [40004, 40006, 48002])
async def test_a_refused_upload_is_said_in_words(app: Office, code: int) -> None:
    app.fake.faults.next_errors.append(code)
    [receipt] = await whole(app, PICTURE)
    [shown] = app.from_bot(APP)

    assert (receipt.form, shown.kind) == ("text", "text")
    assert "├ KR34 70%" in shown.text


async def test_what_is_kept_no_longer_is_said_in_words(app: Office) -> None:
    app.ears.files.files.clear()
    [receipt] = await whole(app, PICTURE)

    assert receipt.form == "text"
    assert "├ KR34 70%" in app.from_bot(APP)[0].text


async def test_whom_nobody_knows_gets_no_picture_either(app: Office) -> None:
    with pytest.raises(Rejected) as refused:
        await whole(app, PICTURE, who="Nobody")
    assert refused.value.receiver


async def test_a_card_is_redrawn_with_words_in_place_of_its_picture(app: Office) -> None:
    app.answers(LIVE, redraw=replace(DONE, picture=MAP.ref, in_words=WORDS))
    await app.fake.say("WxLi", "待办")
    [card] = await app.shown(APP)
    await app.fake.press("WxLi", card.id, "同意")
    shown = app.from_bot(APP)[0].seen_by("WxLi")

    assert "├ KR34 70%" in shown.text


async def test_the_app_sends_a_file(app: Office) -> None:
    [receipt] = await whole(app, FILE)
    [shown] = app.from_bot(APP)

    assert (receipt.form, receipt.calls, shown.kind) == ("file", 2, "file")
    assert shows(app, shown) == SHEET.content
    [upload] = [request for request in app.fake.requests if request.name == "media/upload"]
    assert upload.body["name"] == "我的数据.xlsx"


async def test_a_large_file_goes_as_well(app: Office) -> None:
    app.ears.files.files[LARGE.ref] = LARGE
    await whole(app, replace(FILE, file=LARGE.ref))

    assert shows(app, app.from_bot(APP)[0]) == LARGE.content


@pytest.mark.parametrize("public", ["", PUBLIC])
async def test_a_refused_file_is_a_link_or_words(app: Office, public: str) -> None:
    app.ears.files.public = public
    app.fake.faults.next_errors.append(40006)
    [receipt] = await whole(app, FILE)
    [shown] = app.from_bot(APP)

    assert receipt.form == "text"
    assert (f'<a href="{PUBLIC}/files/{SHEET.ref}?' in shown.text) == bool(public)
    assert ("发不出来" in shown.text) != bool(public)


# --- the robot's socket ---------------------------------------------------------------------------


async def test_where_it_can_be_linked_the_robots_picture_stands_in_its_words(robot: Office) -> None:
    robot.ears.files.public = PUBLIC
    robot.answers(PICTURE)
    await robot.fake.say("WxLi", "目标地图", group=GROUP)
    [shown] = await robot.shown(GROUP)

    assert f"![KR34 到 70% 了]({PUBLIC}/files/{MAP.ref}?" in shown.text
    assert "O12" in shown.text
    assert uploads(robot) == 0


@pytest.mark.parametrize("group", [None, GROUP])
async def test_where_it_cannot_it_is_pushed_and_the_answer_is_left_for_the_words(
    robot: Office, group: str | None
) -> None:
    place = group or ROBOT
    await robot.fake.say("WxLi", "目标地图", group=group, via="robot")
    parcel = await heard(robot, PICTURE)
    first = await robot.platform.deliver(parcel)
    assert first.rest is not None
    second = await robot.platform.deliver(replace(parcel, card=first.rest))
    picture, words = robot.from_bot(place)

    assert (first.form, second.form) == ("image", "stream")
    assert (picture.kind, shows(robot, picture), words.kind) == ("image", DOT, "markdown")
    assert "O12" in words.text


async def test_a_live_card_of_the_robot_keeps_its_buttons(robot: Office) -> None:
    robot.ears.files.public = PUBLIC
    await robot.fake.say("WxLi", "待办", via="robot")
    parcel = await heard(robot, LIVE_PICTURE)
    first = await robot.platform.deliver(parcel)
    assert first.rest is not None
    await robot.platform.deliver(replace(parcel, card=first.rest))

    assert [bubble.kind for bubble in robot.from_bot(ROBOT)] == ["image", "template_card"]


async def test_the_robot_uploads_in_chunks_and_once(robot: Office) -> None:
    robot.ears.files.files[LARGE.ref] = LARGE
    await robot.fake.say("WxLi", "我的数据", group=GROUP)
    for _ in range(2):
        receipt = await robot.platform.deliver(posted_in(THERE, replace(FILE, file=LARGE.ref)))
        assert receipt.form == "file"

    assert [shows(robot, bubble) for bubble in robot.from_bot(GROUP)] == [LARGE.content] * 2
    assert uploads(robot) == 2, "its beginning and its end"


async def test_a_file_that_the_robot_may_not_send_goes_by_the_app(robot: Office) -> None:
    await robot.fake.say("WxLi", "我的数据", via="robot")
    robot.fake.faults.next_robot_errors.append(40005)
    receipt = await robot.platform.deliver(await heard(robot, FILE))

    assert receipt.form == "file"
    assert [bubble.kind for bubble in robot.from_bot(APP)] == ["file"]


@pytest.mark.parametrize("public", ["", PUBLIC])
async def test_in_a_group_it_is_a_link_or_words(robot: Office, public: str) -> None:
    robot.ears.files.public = public
    await robot.fake.say("WxLi", "我的数据", group=GROUP)
    robot.fake.faults.next_robot_errors.append(40005)
    await robot.platform.deliver(await heard(robot, FILE))
    [shown] = robot.from_bot(GROUP)

    assert (f"[点开下载]({PUBLIC}/files/{SHEET.ref}?" in shown.text) == bool(public)
    assert ("发不出来" in shown.text) != bool(public)


async def test_the_robots_refused_picture_is_said_in_words(robot: Office) -> None:
    robot.fake.faults.next_robot_errors.append(40006)
    robot.answers(PICTURE)
    await robot.fake.say("WxLi", "目标地图", group=GROUP)
    [shown] = await robot.shown(GROUP)

    assert "├ KR34 70%" in shown.text


async def test_a_picture_for_a_group_that_never_used_the_robot_is_refused(robot: Office) -> None:
    with pytest.raises(Rejected) as refused:
        await robot.platform.deliver(posted_in(THERE, PICTURE))
    assert refused.value.receiver


async def test_while_the_robot_is_away_its_picture_waits(robot: Office) -> None:
    await robot.fake.say("WxLi", "目标地图", group=GROUP)
    with robot.robot_unheard(), pytest.raises(DeliveryFailed) as failed:
        await robot.platform.deliver(posted_in(THERE, PICTURE))

    assert isinstance(failed.value, Unreachable)
    assert robot.from_bot(GROUP) == []


# --- the robot's callback address -----------------------------------------------------------------


@pytest.mark.parametrize("group", [None, GROUP])
async def test_in_its_reply_the_robot_brings_the_picture_along(address: Office, group: str | None) -> None:
    address.answers(PICTURE)
    await address.fake.say("WxLi", "目标地图", group=group, via="robot")
    [shown] = await address.shown(group or ROBOT)

    pictures = shown.content["pictures"]
    assert isinstance(pictures, list)
    assert [upload.content for media_id in pictures if (upload := address.fake.upload(media_id))] == [DOT]
    assert "O12" in shown.text
    await until(lambda: address.ears.receipts)
    assert address.ears.receipts[-1].rest is None


async def test_a_card_with_a_picture_has_numbers_in_that_reply(address: Office) -> None:
    address.answers(LIVE_PICTURE)
    await address.fake.say("WxLi", "待办", via="robot")
    [shown] = await address.shown(ROBOT)

    assert shown.content["pictures"]
    assert "1 同意" in shown.text


@pytest.mark.parametrize("public", ["", PUBLIC])
async def test_a_late_picture_is_linked_or_in_words(public: str) -> None:
    async with office("callback", patience=AT_ONCE) as at:
        at.ears.files.public = public
        at.ears.slow = SLOW
        at.answers(PICTURE)
        await at.fake.say("WxLi", "目标地图", group=GROUP)
        [shown] = await at.shown(GROUP)

        assert (f"]({PUBLIC}/files/{MAP.ref}?" in shown.text) == bool(public)
        assert ("├ KR34 70%" in shown.text) != bool(public)
        assert at.fake.complaints == []


async def test_a_file_after_that_reply_goes_by_the_app_or_as_a_link(address: Office) -> None:
    await address.fake.say("WxLi", "我的数据", via="robot")
    receipt = await address.platform.deliver(await heard(address, FILE))
    assert receipt.form == "file"
    assert [bubble.kind for bubble in address.from_bot(APP)] == ["file"]

    address.ears.files.public = PUBLIC
    await address.fake.say("WxLi", "我的数据", group=GROUP)
    receipt = await address.platform.deliver(await heard(address, replace(FILE, file=NOTES.ref)))
    assert receipt.form == "markdown"
    assert f"[点开下载]({PUBLIC}/files/{NOTES.ref}?" in address.from_bot(GROUP)[-1].text


async def test_a_file_for_a_group_that_cannot_be_linked_is_said_in_words(address: Office) -> None:
    await address.fake.say("WxLi", "我的数据", group=GROUP)
    await address.platform.deliver(await heard(address, FILE))

    assert "发不出来" in address.from_bot(GROUP)[-1].text
