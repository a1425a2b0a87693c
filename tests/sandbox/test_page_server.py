from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from sandbox.office import VISITOR
from sandbox.transcript import Pressable
from tests.bot.cupboard import DOT, SHEET
from tests.sandbox.paper_office import MONDAY, PaperOffice, card, own_face

pytestmark = pytest.mark.asyncio(loop_scope="module")

LI_AT_DINGTALK = {"me": "E0102", "platform": "dingtalk", "chat": "app:dt-li"}
LI_AT_WECOM = {"me": "E0102", "platform": "wecom", "chat": "app:WxLi"}
STORE_GROUP = {"me": "E0102", "platform": "dingtalk", "chat": "cidXiHuDian=="}


async def state(visitor: aiohttp.ClientSession, me: str) -> dict[str, Any]:
    async with visitor.get("/sandbox/state", params={"me": me}) as response:
        assert response.status == 200
        told: dict[str, Any] = await response.json()
        return told


async def ask(visitor: aiohttp.ClientSession, path: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    async with visitor.post(f"/sandbox/{path}", json=asked) as response:
        return response.status, await response.json()


class Ear:
    """Reads a stream of events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._lines = response.content

    async def next(self, wanted: str) -> Any:
        """What the next event of this name tells; others are passed over."""
        name = ""
        while line := (await self._lines.readline()).decode():
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            elif line.startswith("data: ") and name == wanted:
                return json.loads(line.removeprefix("data: "))
        raise EOFError(wanted)


# --- files ------------------------------------------------------------------------------------------


async def test_serves_the_page_and_allows_it_nothing_from_elsewhere(visitor: aiohttp.ClientSession) -> None:
    async with visitor.get("/") as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    for name, kind in (
        ("page.js", "text/javascript"),
        ("page.css", "text/css"),
        ("mark.svg", "image/svg+xml"),
    ):
        assert f"/sandbox/page/{name}" in page
        async with visitor.get(f"/sandbox/page/{name}") as response:
            assert response.headers["Content-Type"].startswith(kind)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["none.js", "..%2Fpage_server.py", "index.html", "%2e%2e"])
async def test_serves_nothing_but_the_files_of_the_page(visitor: aiohttp.ClientSession, name: str) -> None:
    async with visitor.get(f"/sandbox/page/{name}") as response:
        assert response.status == 404


# --- state ------------------------------------------------------------------------------------------


async def test_the_cast_is_grouped_from_headquarters_to_the_outsider(visitor: aiohttp.ClientSession) -> None:
    cast = (await state(visitor, "E0102"))["cast"]

    circles = list(dict.fromkeys(person["circle"] for person in cast))
    assert circles == ["总部", "华东区", "西湖店", "滨江店", "外面的人"]
    assert {person["name"]: person["platforms"] for person in cast}["吴越"] == ["wecom"]
    assert cast[-1]["id"] == VISITOR.number


@pytest.mark.parametrize(
    ("me", "chats"),
    [
        ("E0102", ["app:dt-li", "app:WxLi", "robot:WxLi", "cidXiHuDian=="]),
        ("E0202", ["app:WxWu", "robot:WxWu", "wrBinJiangDian"]),
        ("X0001", ["app:dt-stranger", "app:WxStranger", "robot:WxStranger"]),
    ],
)
async def test_everybody_has_their_own_chats(
    visitor: aiohttp.ClientSession, me: str, chats: list[str]
) -> None:
    assert [chat["id"] for chat in (await state(visitor, me))["chats"]] == chats


async def test_tells_only_the_bubbles_one_sees(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    paper.dingtalk.put("app:dt-li", text="给李四")
    paper.dingtalk.put("app:dt-wang", text="给王店")
    paper.dingtalk.put("cidXiHuDian==", text="给大家")

    bubbles = (await state(visitor, "E0102"))["bubbles"]

    assert [bubble["text"] for bubble in bubbles] == ["给李四", "给大家"]


async def test_a_card_is_told_with_ones_own_face(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    shown = paper.wecom.put("wrBinJiangDian", kind="template_card", buttons=(Pressable("同意", key="yes"),))
    paper.wecom.transcript.change(shown.id, faces=own_face(shown, "WxZhao", title="你批了", buttons=()))

    [pressed] = (await state(visitor, "E0201"))["bubbles"]
    [unpressed] = (await state(visitor, "E0202"))["bubbles"]

    assert (pressed["title"], pressed["buttons"]) == ("你批了", [])
    assert [button["label"] for button in unpressed["buttons"]] == ["同意"]


async def test_times_are_shanghais(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    paper.dingtalk.put("app:dt-li", text="早")

    told = await state(visitor, "E0102")

    assert told["now"].startswith("2026-11-23T09:30:0")
    assert told["bubbles"][0]["at"].endswith("+08:00")


# --- doing ------------------------------------------------------------------------------------------


async def test_says_words_in_a_private_chat(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    status, told = await ask(visitor, "say", **LI_AT_DINGTALK, text=" 更新 KR34 +20 ")

    assert (status, told["bubble"]["mine"]) == (200, True)
    assert paper.dingtalk.said[0]["text"] == "更新 KR34 +20"
    assert paper.dingtalk.said[0]["group"] is None


async def test_says_words_in_a_group_with_people_and_a_quote(
    visitor: aiohttp.ClientSession, paper: PaperOffice
) -> None:
    quoted = paper.dingtalk.put("cidXiHuDian==", title="KR34 到 70% 了")
    asked = {"text": "@王店 看看", "mentions": ["dt-wang"], "at_bot": False, "quotes": quoted.id}

    _, told = await ask(visitor, "say", **STORE_GROUP, **asked)

    said = paper.dingtalk.said[0]
    assert (said["group"], said["mentions"], said["at_bot"]) == ("cidXiHuDian==", ("dt-wang",), False)
    assert told["bubble"]["quoted"] == {"author": "OKR助手", "text": "KR34 到 70% 了"}


async def test_speaks_and_shows_pictures(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    await ask(visitor, "say", **LI_AT_WECOM, kind="voice", text="损耗率六点五")
    await ask(visitor, "say", **(LI_AT_WECOM | {"chat": "robot:WxLi"}), kind="image")

    assert [(said["kind"], said["voice"], said["via"]) for said in paper.wecom.said] == [
        ("voice", "损耗率六点五", "app"),
        ("image", "", "robot"),
    ]


async def test_opening_a_chat_tells_wecom_only(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    await ask(visitor, "open", **LI_AT_DINGTALK)
    await ask(visitor, "open", **(LI_AT_WECOM | {"chat": "robot:WxLi"}))

    assert paper.dingtalk.opened == []
    assert paper.wecom.opened == [("WxLi", "robot")]


async def test_presses_a_button(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    shown = paper.dingtalk.put("app:dt-li", **card("同意", "驳回"))

    status, told = await ask(visitor, "press", **LI_AT_DINGTALK, bubble=shown.id, label="同意")

    assert (status, told["acked"], told["updated"]) == (200, True, True)
    assert paper.dingtalk.transcript.bubbles[0].text == "dt-li 按了 同意"


async def test_a_press_that_the_bot_misses_is_noted(
    visitor: aiohttp.ClientSession, paper: PaperOffice
) -> None:
    shown = paper.dingtalk.put("app:dt-li", **card("同意"))
    paper.dingtalk.deaf = True

    _, told = await ask(visitor, "press", **LI_AT_DINGTALK, bubble=shown.id, label="同意")

    assert told["acked"] is False
    assert paper.office.activity.lines[-1].deed == "missed"


@pytest.mark.parametrize(
    ("asked", "moment"),
    [
        ({"by": 3600}, "2026-11-23T10:30:0"),
        ({"to": "2026-11-25T10:00:00+08:00"}, "2026-11-25T10:00:0"),
        ({"to": "2026-11-25T02:00:00.000Z"}, "2026-11-25T10:00:0"),
    ],
)
async def test_winds_the_clock(
    visitor: aiohttp.ClientSession, paper: PaperOffice, asked: dict[str, Any], moment: str
) -> None:
    status, told = await ask(visitor, "clock", **asked)

    assert status == 200
    assert told["now"].startswith(moment)
    assert len(paper.wound) == 1
    assert (paper.office.clock.now() - paper.wound[0]).total_seconds() < 60
    assert paper.office.activity.lines[-1].deed == "wound"


async def test_winds_back_to_the_real_time(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    await ask(visitor, "clock", to="now")

    assert abs((paper.office.clock.now() - MONDAY).total_seconds()) > 60
    assert abs((paper.wound[0] - paper.office.clock.now()).total_seconds()) < 60


# --- what is not done -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("say", {**LI_AT_DINGTALK, "text": "  "}, 400),
        ("say", {**LI_AT_DINGTALK, "text": 7}, 400),
        ("say", {**LI_AT_DINGTALK, "text": "长" * 4001}, 400),
        ("say", {**LI_AT_DINGTALK, "text": "嗨", "kind": "bomb"}, 400),
        ("say", {**STORE_GROUP, "text": "嗨", "mentions": ["dt-zhao"]}, 400),
        ("say", {**STORE_GROUP, "text": "嗨", "mentions": [{}]}, 400),
        ("say", {**LI_AT_DINGTALK, "text": "嗨", "quotes": 7}, 400),
        ("say", {**LI_AT_DINGTALK, "me": "E9999", "text": "嗨"}, 404),
        ("say", {**LI_AT_DINGTALK, "chat": "app:dt-wang", "text": "嗨"}, 403),
        ("say", {**STORE_GROUP, "me": "X0001", "text": "嗨"}, 403),
        ("press", {**LI_AT_DINGTALK, "bubble": "none", "label": "同意"}, 404),
        ("press", {**LI_AT_DINGTALK, "label": "同意"}, 400),
        ("open", {"me": "E0102"}, 403),
        ("clock", {}, 400),
        ("clock", {"by": "1"}, 400),
        ("clock", {"by": 1e300}, 400),
        ("clock", {"to": "2026-11-25T10:00:00"}, 400),
        ("clock", {"to": "1999-11-25T10:00:00+08:00"}, 400),
    ],
)
async def test_what_cannot_be_done_is_said_in_words(
    visitor: aiohttp.ClientSession, paper: PaperOffice, path: str, asked: dict[str, Any], status: int
) -> None:
    got, told = await ask(visitor, path, **asked)

    assert got == status
    assert told["error"].endswith("。")
    assert (paper.dingtalk.said, paper.wound) == ([], [])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (json.dumps({**LI_AT_DINGTALK, "text": "嗨"}), "text/plain", 415),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
    ],
)
async def test_takes_json_objects_only(
    visitor: aiohttp.ClientSession, paper: PaperOffice, body: str, kind: str, status: int
) -> None:
    """A page on another site can post a form, but not JSON."""
    async with visitor.post("/sandbox/say", data=body, headers={"Content-Type": kind}) as response:
        assert response.status == status

    assert paper.dingtalk.said == []


async def test_nobody_by_that_id_has_no_state(visitor: aiohttp.ClientSession) -> None:
    for path in ("/sandbox/state", "/sandbox/events"):
        async with visitor.get(path, params={"me": "E9999"}) as response:
            assert (response.status, "error" in await response.json()) == (404, True)


# --- hearing ----------------------------------------------------------------------------------------


async def test_the_stream_opens_with_the_state_and_goes_on_with_changes(
    visitor: aiohttp.ClientSession, paper: PaperOffice
) -> None:
    before = paper.dingtalk.put("app:dt-li", **card("同意"))
    async with visitor.get("/sandbox/events", params={"me": "E0102"}) as response:
        ear = Ear(response)
        opened = await ear.next("state")
        new = paper.dingtalk.put("app:dt-li", text="新的")
        paper.dingtalk.transcript.change(before.id, text="变了", buttons=())
        arrived, changed = await ear.next("bubble"), await ear.next("bubble")

    assert [bubble["id"] for bubble in opened["bubbles"]] == [before.id]
    assert (arrived["id"], arrived["text"]) == (new.id, "新的")
    assert (changed["id"], changed["text"], changed["edited"]) == (before.id, "变了", True)


async def test_hears_that_others_have_news_but_not_what(
    visitor: aiohttp.ClientSession, paper: PaperOffice
) -> None:
    async with visitor.get("/sandbox/events", params={"me": "E0102"}) as response:
        ear = Ear(response)
        await ear.next("state")
        paper.wecom.put("app:WxWu", text="只给吴越")
        paper.dingtalk.put("cidXiHuDian==", text="给西湖店")
        private, group = await ear.next("stir"), await ear.next("stir")

    assert private == {"people": ["E0202"]}
    assert group == {"people": ["E0003", "E0101", "E0103"]}


async def test_hears_the_clock_whoever_winds_it(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    async with visitor.get("/sandbox/events", params={"me": "E0102"}) as response:
        ear = Ear(response)
        await ear.next("state")
        paper.office.clock.set(MONDAY.replace(hour=9))
        told = await ear.next("clock")

    assert told["now"].startswith("2026-11-23T17:30:0")


async def test_hears_what_the_bot_did(visitor: aiohttp.ClientSession) -> None:
    async with visitor.get("/sandbox/events", params={"me": "E0102"}) as response:
        ear = Ear(response)
        await ear.next("state")
        await ask(visitor, "say", **LI_AT_DINGTALK, text="帮助")
        lines = [await ear.next("line"), await ear.next("line")]

    assert [(line["deed"], line["text"]) for line in lines] == [
        ("heard", "李四 · 钉钉:帮助"),
        ("said", "李四 · 钉钉:听到了:帮助"),
    ]


async def test_one_who_left_is_told_nothing_more(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    async with visitor.get("/sandbox/events", params={"me": "E0102"}) as response:
        await Ear(response).next("state")
        listening = len(paper.dingtalk.transcript._listeners)
    for _ in range(50):
        if len(paper.dingtalk.transcript._listeners) < listening:
            break
        await ask(visitor, "open", **LI_AT_DINGTALK)
        paper.dingtalk.put("app:dt-li", text="还在吗")

    assert len(paper.dingtalk.transcript._listeners) == listening - 1


# --- pictures and files of the bot -------------------------------------------------------------------


async def test_tells_what_a_message_has_attached(visitor: aiohttp.ClientSession, paper: PaperOffice) -> None:
    paper.wecom.holds("media-1", "目标地图.png", DOT)
    paper.dingtalk.holds("@lAL1", "我的数据.xlsx", SHEET.content, "file")
    paper.wecom.put("app:WxLi", kind="image", content={"media_id": "media-1"})
    paper.wecom.put("app:WxLi", kind="markdown", text="图", content={"pictures": ["media-1", "media-0"]})
    paper.dingtalk.put("app:dt-li", kind="file", content={"mediaId": "@lAL1", "fileName": "我的数据.xlsx"})

    attached = [bubble["attached"] for bubble in (await state(visitor, "E0102"))["bubbles"]]
    picture = {"id": "media-1", "name": "目标地图.png", "bytes": len(DOT), "picture": True}
    sheet = {"id": "@lAL1", "name": "我的数据.xlsx", "bytes": len(SHEET.content), "picture": False}

    assert attached == [[sheet], [picture], [picture]]


@pytest.mark.parametrize(
    ("name", "content", "kind", "media_type", "way"),
    [
        ("目标地图.png", DOT, "image", "image/png", "inline"),
        ("我的数据.xlsx", SHEET.content, "file", SHEET.media_type, "attachment"),
        ("图.svg", b"<svg onload='alert(1)'/>", "file", "image/svg+xml", "attachment"),
    ],
    ids=["picture", "sheet", "drawing"],
)
async def test_serves_what_was_uploaded_and_lets_nothing_run(
    visitor: aiohttp.ClientSession,
    paper: PaperOffice,
    name: str,
    content: bytes,
    kind: str,
    media_type: str,
    way: str,
) -> None:
    paper.dingtalk.holds("@lAL1", name, content, kind)
    async with visitor.get("/sandbox/media/dingtalk/@lAL1") as response:
        assert (response.status, await response.read(), response.content_type) == (200, content, media_type)
        assert response.headers["Content-Disposition"].startswith(f"{way}; filename*=UTF-8''%")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
    async with visitor.get("/sandbox/media/wecom/@lAL1") as response:
        assert response.status == 404
