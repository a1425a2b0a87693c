"""What the make-believe WeCom takes as pictures and files, and how messages may refer to them."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.fake_wecom import FakeWeCom
from sandbox.fake_wecom.media import LIVES, Media
from tests.sandbox.test_fake_wecom_api import Caller, api
from tests.sandbox.test_fake_wecom_robot import GROUP, Client, client, fake, session, stream

__all__ = ["api", "client", "fake", "session"]  # fixtures

PNG = b"\x89PNG\r\n\x1a\n picture"
MEGABYTE = 1024 * 1024


# --- the app --------------------------------------------------------------------------------------


async def upload(api: Caller, content: bytes, kind: str = "image", name: str = "chart.png") -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("media", io.BytesIO(content), filename=name)
    return await api.post("media/upload", form, type=kind)


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (PNG, "image", 0),
        (b"\xff\xd8\xff jpeg", "image", 0),
        (b"PK rows and rows", "file", 0),
        (PNG, "picture", 40005),
        (b"<svg/> is no picture", "image", 40004),
        (b"GIF89a is none either", "image", 40004),
        (b"MP3 is no voice", "voice", 40004),
        (b"\x89PNG\r", "image", 40006),
        (PNG + bytes(10 * MEGABYTE), "image", 40006),
        (bytes(20 * MEGABYTE + 1), "file", 40006),
    ],
    ids=[
        "png",
        "jpeg",
        "file",
        "no such type",
        "svg",
        "gif",
        "mp3",
        "too small",
        "large picture",
        "large file",
    ],
)
async def test_what_the_app_may_upload(api: Caller, content: bytes, kind: str, code: int) -> None:
    assert (await upload(api, content, kind))["errcode"] == code


async def test_an_upload_needs_a_token_and_a_file(api: Caller) -> None:
    assert (await api.post("media/upload", {"media": "x"}, type="image"))["errcode"] == 41005
    api.token = "no token"
    assert (await upload(api, PNG))["errcode"] == 40014


async def test_a_message_refers_to_an_upload_of_its_kind_for_three_days(api: Caller) -> None:
    media_id = (await upload(api, PNG))["media_id"]
    assert (await api.send(msgtype="image", image={"media_id": media_id}))["errcode"] == 0
    assert (await api.send(msgtype="file", file={"media_id": media_id}))["errcode"] == 40007
    assert (await api.send(msgtype="image", image={"media_id": "media-0"}))["errcode"] == 40007

    api.fake.world.clock.wind(LIVES)
    await api.log_in()
    assert (await api.send(msgtype="image", image={"media_id": media_id}))["errcode"] == 40007
    kept = api.fake.upload(media_id)
    assert kept is not None
    assert (kept.name, kept.content, kept.media_type) == ("chart.png", PNG, "image/png")


# --- the robot ------------------------------------------------------------------------------------


async def ask(client: Client, cmd: str, body: Any) -> dict[str, Any]:
    await client.send(cmd, f"{cmd}-1", body)
    return await client.frame()


async def begin(client: Client, **changed: Any) -> dict[str, Any]:
    told = {"type": "image", "filename": "chart.png", "total_size": len(PNG), "total_chunks": 2} | changed
    return await ask(client, "aibot_upload_media_init", told)


def part(upload_id: str, index: int, content: bytes) -> dict[str, Any]:
    return {"upload_id": upload_id, "chunk_index": index, "base64_data": base64.b64encode(content).decode()}


async def test_the_robot_uploads_in_chunks_in_any_order_and_repeats_change_nothing(
    fake: FakeWeCom, client: Client
) -> None:
    upload_id = (await begin(client, md5=hashlib.md5(PNG).hexdigest()))["body"]["upload_id"]
    for index, content in ((1, PNG[8:]), (0, PNG[:8]), (1, b"something else")):
        assert (await ask(client, "aibot_upload_media_chunk", part(upload_id, index, content)))[
            "errcode"
        ] == 0
    done = (await ask(client, "aibot_upload_media_finish", {"upload_id": upload_id}))["body"]
    kept = fake.upload(done["media_id"])

    assert kept is not None
    assert (kept.name, kept.content, done["type"], type(done["created_at"])) == (
        "chart.png",
        PNG,
        "image",
        str,
    )
    await fake.say("WxLi", "图", group=GROUP)
    await client.heard()
    message = {"chatid": GROUP, "msgtype": "image", "image": {"media_id": done["media_id"]}}
    assert (await ask(client, "aibot_send_msg", message))["errcode"] == 0
    assert fake.transcript.bubbles[-1].kind == "image"


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "picture"},
        {"filename": ""},
        {"filename": "图" * 100},
        {"total_size": 4},
        {"total_chunks": 101},
        {"total_chunks": 0},
    ],
    ids=str,
)
async def test_a_bad_beginning_is_refused(client: Client, changed: dict[str, Any]) -> None:
    assert (await begin(client, **changed))["errcode"] in {40005, 40058}


async def test_chunks_must_be_of_an_upload_under_way_and_all_of_it(fake: FakeWeCom, client: Client) -> None:
    upload_id = (await begin(client))["body"]["upload_id"]
    refused = [
        part("upload-0", 0, PNG),
        part(upload_id, 2, PNG),
        part(upload_id, 0, bytes(512 * 1024 + 1)),
        part(upload_id, 0, b""),
        {"upload_id": upload_id, "chunk_index": 0, "base64_data": "no base64!"},
    ]
    for told in refused:
        assert (await ask(client, "aibot_upload_media_chunk", told))["errcode"] == 40058
    await ask(client, "aibot_upload_media_chunk", part(upload_id, 0, PNG[:8]))
    assert (await ask(client, "aibot_upload_media_finish", {"upload_id": upload_id}))["errcode"] == 40058
    await ask(client, "aibot_upload_media_chunk", part(upload_id, 1, PNG[8:] + b"more"))
    assert (await ask(client, "aibot_upload_media_finish", {"upload_id": upload_id}))["errcode"] == 40006
    fake.world.clock.wind(timedelta(minutes=31))
    assert (await ask(client, "aibot_upload_media_chunk", part(upload_id, 1, PNG[8:])))["errcode"] == 40058


async def test_the_robot_may_begin_thirty_uploads_a_minute(client: Client) -> None:
    codes = [(await begin(client))["errcode"] for _ in range(31)]

    assert codes == [0] * 30 + [45009]


async def test_what_the_app_uploaded_is_unknown_to_the_robot(fake: FakeWeCom, client: Client) -> None:
    _, uploaded = fake.media.take("app", "image", "chart.png", PNG)
    assert uploaded is not None
    await fake.say("WxLi", "图", group=GROUP)
    await client.heard()
    message = {"chatid": GROUP, "msgtype": "image", "image": {"media_id": uploaded.id}}

    assert (await ask(client, "aibot_send_msg", message))["errcode"] == 40007


async def test_a_stream_on_the_socket_brings_no_pictures(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "图", group=GROUP)
    req_id, _ = await client.heard()
    told = stream()
    told["stream"]["msg_item"] = []

    assert await client.ask("aibot_respond_msg", req_id, told) == 40058


def item(content: bytes, md5: str = "") -> dict[str, Any]:
    image = {"base64": base64.b64encode(content).decode(), "md5": md5 or hashlib.md5(content).hexdigest()}
    return {"msgtype": "image", "image": image}


@pytest.mark.parametrize(
    ("items", "finish", "code"),
    [
        ([item(PNG), item(PNG)], True, 0),
        ([item(PNG)], False, 40058),
        ([item(PNG)] * 11, True, 40058),
        ([item(PNG, md5="0")], True, 40058),
        ([item(b"<svg/> is no picture")], True, 40004),
        ([{"msgtype": "text", "text": {}}], True, 40058),
        ([{"msgtype": "image", "image": {"base64": "?", "md5": ""}}], True, 40058),
    ],
    ids=["pictures", "unfinished", "too many", "wrong md5", "svg", "words", "no base64"],
)
async def test_a_reply_brings_its_pictures_along(
    fake: FakeWeCom, items: list[dict[str, Any]], finish: bool, code: int
) -> None:
    media = Media(fake.world)
    found, kept = media.items({"id": "s1", "finish": finish, "msg_item": items})

    assert (found, len(kept)) == (code, len(items) if not code else 0)
