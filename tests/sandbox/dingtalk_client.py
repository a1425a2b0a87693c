"""A make-believe DingTalk with a few people in it, and bare frames and calls to try it with."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk

GROUP = "cidXiHu=="
MESSAGES = ("CALLBACK", "/v1.0/im/bot/messages/get")
CARDS = ("CALLBACK", "/v1.0/card/instances/callback")
EVENTS = ("EVENT", "*")
OPEN = "/v1.0/gateway/connections/open"
PUBLIC = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
APPROVE = {"text": "同意", "color": "blue", "id": "ok", "request": True, "params": {"action": "approve"}}


class Client:
    """One stream connection, spoken to with bare frames."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def frame(self, within: float = 10.0) -> dict[str, Any]:
        frame: dict[str, Any] = await self.ws.receive_json(timeout=within)
        return frame

    async def heard(self) -> dict[str, Any]:
        """The data of the next push, which is acknowledged."""
        frame = await self.frame()
        await self.ack(frame)
        data: dict[str, Any] = json.loads(frame["data"])
        return data

    async def ack(self, frame: dict[str, Any], data: Any = None, code: int = 200) -> None:
        headers = {"messageId": frame["headers"]["messageId"], "contentType": "application/json"}
        said = json.dumps({"response": None} if data is None else data)
        await self.ws.send_json({"code": code, "headers": headers, "message": "OK", "data": said})

    async def silent(self, within: float = 0.05) -> bool:
        try:
            await self.ws.receive(timeout=within)
        except TimeoutError:
            return True
        return False


@dataclass
class Desk:
    """The platform, its clock, and a way to call its APIs."""

    fake: FakeDingTalk
    clock: WoundClock
    http: aiohttp.ClientSession
    token: str = ""

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        headers = {"x-acs-dingtalk-access-token": self.token} | headers
        url = path if path.startswith("http") else self.fake.base_url + path
        async with self.http.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        return await self.call("POST", path, body)

    async def legacy(self, path: str, body: Any) -> Any:
        return (await self.post(f"{path}?access_token={self.token}", body))[1]

    async def sign_in(self) -> None:
        _, answer = await self.post(
            "/v1.0/oauth2/accessToken", {"appKey": "dingdemo", "appSecret": self.fake.client_secret}
        )
        self.token = answer["accessToken"]

    async def ticket(self, topics: Iterable[tuple[str, str]] = (MESSAGES, CARDS)) -> tuple[int, Any]:
        asked = {
            "clientId": self.fake.client_id,
            "clientSecret": self.fake.client_secret,
            "subscriptions": [{"type": kind, "topic": topic} for kind, topic in topics],
        }
        return await self.post(OPEN, asked)

    async def connect(self, topics: Iterable[tuple[str, str]] = (MESSAGES, CARDS)) -> Client:
        _, granted = await self.ticket(topics)
        return Client(await self.http.ws_connect(granted["endpoint"], params={"ticket": granted["ticket"]}))


@asynccontextmanager
async def desk(**options: Any) -> AsyncIterator[Desk]:
    clock = WoundClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    fake = FakeDingTalk(clock, **options)
    for user_id, name in (("dt-li", "李四"), ("dt-wang", "王店")):
        fake.add_user(user_id, name)
    fake.add_user("dt-guest", "外面的人", in_org=False)
    fake.add_group(GROUP, "西湖店工作群", ["dt-li", "dt-wang", "dt-guest"])
    fake.patience.ack, fake.patience.card = 0.05, 30.0
    await fake.start()
    async with aiohttp.ClientSession() as http:
        made = Desk(fake, clock, http)
        await made.sign_in()
        yield made
    await fake.stop()


def card(ref: str = "card-1", *buttons: dict[str, Any], to: str = "dt-li", **more: Any) -> dict[str, Any]:
    """A createAndDeliver of the public template into a private chat, or into a group if `to` is one."""
    kind, model = ("IM_GROUP", "imGroup") if to.startswith("cid") else ("IM_ROBOT", "imRobot")
    packed = json.dumps({"msgButtons": list(buttons)}, ensure_ascii=False)
    params = {"title": "审批", "markdown": "**王五** 提交了", "sys_full_json_obj": packed}
    return {
        "cardTemplateId": PUBLIC,
        "outTrackId": ref,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": params},
        "openSpaceId": f"dtv1.card//{kind}.{to}",
        f"{model}OpenDeliverModel": {"robotCode": "dingdemo"},
        **more,
    }
