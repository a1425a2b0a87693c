"""The HTTP API of the make-believe WeCom, spoken to directly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom
from tests.sandbox.wecom_samples import ECHO

AGENT = 1000002
CHAT = "app:WxLi"


class Caller:
    """A program that has the app's secret."""

    def __init__(self, fake: FakeWeCom, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self._session = session
        self.token = ""

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        query = {"access_token": self.token, **query}
        async with self._session.get(f"{self.fake.base_url}/cgi-bin/{path}", params=query) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def post(self, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        query = {"access_token": self.token, **query}
        url = f"{self.fake.base_url}/cgi-bin/{path}"
        data = body if isinstance(body, aiohttp.FormData) else None
        json = None if data else body
        async with self._session.post(url, params=query, json=json, data=data) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def log_in(self) -> dict[str, Any]:
        answer = await self.get("gettoken", corpid="ww1", corpsecret="s")
        self.token = answer["access_token"]
        return answer

    async def send(self, to: str = "WxLi", **message: Any) -> dict[str, Any]:
        return await self.post("message/send", {"touser": to, "agentid": AGENT, **message})

    async def text(self, content: str, to: str = "WxLi") -> dict[str, Any]:
        return await self.send(to, msgtype="text", text={"content": content})


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    clock = WoundClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    fake = FakeWeCom(clock, corp_id="ww1", agent_id=AGENT, secret="s", token="t", aes_key=ECHO.key)
    fake.add_user("WxChen", "陈总")
    fake.add_user("WxLi", "李四", department=2, leader="WxChen")
    fake.add_department(2, "西湖店")
    fake.add_group("wrOther", "别人建的群", ["WxLi", "WxChen"])
    await fake.start()
    async with aiohttp.ClientSession() as session:
        caller = Caller(fake, session)
        await caller.log_in()
        yield caller
    await fake.stop()


def card(task_id: str = "t1") -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": "批一下"},
        "button_list": [{"text": "同意", "key": "ok"}],
    }


async def test_the_token_stays_the_same_until_its_end(api: Caller) -> None:
    first = await api.log_in()
    assert (await api.log_in())["access_token"] == first["access_token"]
    assert first["expires_in"] == 7200

    api.fake.world.clock.wind(timedelta(seconds=7200))
    assert (await api.text("hi"))["errcode"] == 42001
    assert (await api.log_in())["access_token"] != first["access_token"]


@pytest.mark.parametrize(
    ("corp_id", "secret", "code"), [("ww1", "s", 0), ("ww1", "x", 40001), ("ww2", "s", 40013)]
)
async def test_credentials(api: Caller, corp_id: str, secret: str, code: int) -> None:
    assert (await api.get("gettoken", corpid=corp_id, corpsecret=secret))["errcode"] == code


async def test_no_token_no_answer(api: Caller) -> None:
    api.token = "made up"
    assert (await api.text("hi"))["errcode"] == 40014


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (40056, {"agentid": 5}),
        (82001, {"touser": ""}),
        (40032, {"touser": "|".join(["WxLi"] * 1001)}),
        (81013, {"touser": "WxNobody"}),
        (40008, {"msgtype": "hologram"}),
        (40058, {"text": "not an object"}),
        (44004, {"text": {"content": ""}}),
        (40007, {"msgtype": "image", "image": {"media_id": "made up"}}),
        (42031, {"msgtype": "template_card", "template_card": {"card_type": "x"}}),
    ],
)
async def test_messages_that_are_refused(api: Caller, code: int, body: dict[str, Any]) -> None:
    message = {"touser": "WxLi", "agentid": AGENT, "msgtype": "text", "text": {"content": "hi"}, **body}

    assert (await api.post("message/send", message))["errcode"] == code
    assert api.fake.transcript.bubbles == []


async def test_unknown_people_are_named_in_lower_case_and_known_ones_ignore_case(api: Caller) -> None:
    answer = await api.text("hi", to="wxli|WxNobody|WxGone")

    assert (answer["errcode"], answer["invaliduser"]) == (0, "wxnobody|wxgone")
    assert [bubble.conversation_id for bubble in api.fake.transcript.bubbles] == [CHAT]


async def test_text_is_cut_at_the_byte(api: Caller) -> None:
    await api.text("字" * 700)

    assert api.fake.transcript.bubbles[0].text == "字" * 682


async def test_the_same_card_twice_is_shown_once(api: Caller) -> None:
    message: dict[str, Any] = {
        "msgtype": "template_card",
        "template_card": card(),
        "enable_duplicate_check": 1,
    }
    assert [(await api.send(**message))["errcode"] for _ in range(2)] == [0, 0]
    assert (await api.send(msgtype="template_card", template_card=card()))["errcode"] == 42014

    assert len(api.fake.transcript.bubbles) == 1


async def test_a_card_that_is_pressed_needs_a_callback_address(api: Caller) -> None:
    api.fake.messages.callbacks = False

    assert (await api.send(msgtype="template_card", template_card=card()))["errcode"] == 43012


async def test_a_member_gets_thirty_a_minute_and_the_rest_is_dropped_in_silence(api: Caller) -> None:
    codes = [(await api.text(str(number)))["errcode"] for number in range(32)]
    assert set(codes) == {0}
    assert len(api.fake.transcript.bubbles) == 30

    api.fake.world.clock.wind(timedelta(minutes=1))
    await api.text("later")
    assert len(api.fake.transcript.bubbles) == 31


async def update(api: Caller, code: str, **change: Any) -> int:
    body = {"agentid": AGENT, "response_code": code, "userids": ["wxli"], **change}
    errcode: int = (await api.post("message/update_template_card", body))["errcode"]
    return errcode


async def test_a_response_code_updates_one_copy_once(api: Caller) -> None:
    sent = await api.send("WxLi|WxChen", msgtype="template_card", template_card=card())
    code = sent["response_code"]

    assert await update(api, code) == 40058
    assert await update(api, "made up", button={"replace_name": "好"}) == 60140
    assert await update(api, code, button={"replace_name": "批了"}) == 0
    assert await update(api, code, button={"replace_name": "批了"}) == 42022
    shown = {bubble.conversation_id: bubble for bubble in api.fake.transcript.bubbles}
    assert shown[CHAT].seen_by("WxLi").buttons == ()
    assert shown["app:WxChen"].seen_by("WxChen").buttons != ()


async def test_a_response_code_ends_after_three_days(api: Caller) -> None:
    sent = await api.send(msgtype="template_card", template_card=card())
    api.fake.world.clock.wind(timedelta(hours=73))
    await api.log_in()

    assert await update(api, sent["response_code"], template_card=card()) == 42022


@pytest.mark.parametrize(("hours", "code"), [(1, 0), (25, 42052)])
async def test_recall(api: Caller, hours: int, code: int) -> None:
    sent = await api.text("hi")
    api.fake.world.clock.wind(timedelta(hours=hours))
    await api.log_in()

    assert (await api.post("message/recall", {"msgid": sent["msgid"]}))["errcode"] == code
    assert (api.fake.transcript.bubbles[0].kind == "recalled") == (code == 0)


async def test_an_uploaded_picture_can_be_sent(api: Caller) -> None:
    form = aiohttp.FormData()
    form.add_field("media", b"\x89PNG\r\n\x1a\n...", filename="chart.png")
    uploaded = await api.post("media/upload", form, type="image")

    assert isinstance(uploaded["created_at"], str)
    assert (await api.send(msgtype="image", image={"media_id": uploaded["media_id"]}))["errcode"] == 0


@pytest.mark.parametrize(
    ("path", "query", "code", "field", "value"),
    [
        ("user/get", {"userid": "wxli"}, 0, "userid", "WxLi"),
        ("user/get", {"userid": "wxli"}, 0, "direct_leader", ["WxChen"]),
        ("user/get", {"userid": "x"}, 60111, "userid", None),
        ("user/simplelist", {"department_id": "9"}, 60011, "userlist", None),
        ("department/get", {"id": "2"}, 0, "department", None),
        ("department/get", {"id": "9"}, 60011, "department", None),
        ("department/list", {"id": "9"}, 60011, "department", None),
        ("department/simplelist", {}, 0, "department_id", None),
        ("auth/getuserinfo", {"code": "made up"}, 40029, "userid", None),
    ],
)
async def test_the_directory(
    api: Caller, path: str, query: dict[str, str], code: int, field: str, value: object
) -> None:
    answer = await api.get(path, **query)

    assert answer["errcode"] == code
    assert value is None or answer[field] == value


async def test_departments_and_their_people(api: Caller) -> None:
    departments = (await api.get("department/list"))["department"]
    people = (await api.get("user/simplelist", department_id="2"))["userlist"]

    assert [(d["id"], d["name"], d["parentid"]) for d in departments] == [(1, "总部", 0), (2, "西湖店", 1)]
    assert [person["name"] for person in people] == ["李四"]


async def test_an_oauth_code_is_good_once(api: Caller) -> None:
    code = api.fake.directory.issue_code("WxLi")

    assert (await api.get("auth/getuserinfo", code=code))["userid"] == "WxLi"
    assert (await api.get("auth/getuserinfo", code=code))["errcode"] == 40029


async def test_a_group_of_the_apps_own(api: Caller) -> None:
    made = await api.post(
        "appchat/create", {"name": "周报群", "owner": "WxLi", "userlist": ["WxLi", "WxChen"]}
    )
    chat = made["chatid"]
    text = {"chatid": chat, "msgtype": "text", "text": {"content": "hi", "mentioned_list": ["@all"]}}

    assert (await api.post("appchat/send", text))["errcode"] == 0
    assert (await api.post("appchat/send", {**text, "msgtype": "template_card"}))["errcode"] == 40008
    assert (await api.post("appchat/send", {**text, "chatid": "wrOther"}))["errcode"] == 86008
    assert (await api.post("appchat/send", {**text, "chatid": "none"}))["errcode"] == 86001
    assert (await api.post("appchat/update", {"chatid": chat, "del_user_list": ["WxChen"]}))["errcode"] == 0
    assert (await api.get("appchat/get", chatid=chat))["chat_info"]["userlist"] == ["WxLi"]
    assert [bubble.mentions for bubble in api.fake.transcript.of(chat)] == [("@all",)]


async def test_a_webhook_posts_twenty_a_minute(api: Caller) -> None:
    api.fake.posts.add_webhook("key-1", "wrOther")
    text = {"msgtype": "text", "text": {"content": "hi"}}

    assert (await api.post("webhook/send", text, key="made up"))["errcode"] == 93000
    codes = [(await api.post("webhook/send", text, key="key-1"))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]


async def test_an_untrusted_address_and_a_busy_server(api: Caller) -> None:
    api.fake.faults.next_errors.extend([-1, 45009])
    assert [(await api.text("hi"))["errcode"] for _ in range(3)] == [-1, 45009, 0]
    api.fake.faults.untrusted_ip = True
    assert (await api.text("hi"))["errcode"] == 60020


async def test_every_request_is_on_record(api: Caller) -> None:
    await api.text("hi")

    last = api.fake.requests[-1]
    assert (last.name, last.body["text"], last.errcode) == ("message/send", {"content": "hi"}, 0)
