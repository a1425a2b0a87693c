"""The door of the HTTP API: tokens, faults, the log, and which endpoint is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.fake_wecom.contacts import Contacts
from sandbox.fake_wecom.directory import Directory
from sandbox.fake_wecom.messages import Messages
from sandbox.fake_wecom.posts import Posts
from sandbox.fake_wecom.tokens import VALID, Tokens
from sandbox.fake_wecom.world import Request, World, answered

Answer = dict[str, Any]
_WITHOUT_TOKEN = frozenset({"gettoken", "webhook/send", "aibot/response"})


class Cgi:
    """`respond` takes what the robot posts to a `response_url`: the code and the body."""

    def __init__(
        self,
        world: World,
        *,
        tokens: Tokens,
        messages: Messages,
        directory: Directory,
        contacts: Contacts,
        posts: Posts,
        respond: Callable[[str, Mapping[str, Any]], Answer],
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._respond = respond
        self._posts = posts
        self._messages = messages
        self._gets: dict[str, Callable[[Mapping[str, str]], Answer]] = {
            "gettoken": self._get_token,
            "user/get": contacts.user,
            "user/list": contacts.detailed_list,
            "user/simplelist": contacts.simple_list,
            "department/list": contacts.department_list,
            "department/simplelist": contacts.simple_departments,
            "department/get": contacts.department,
            "auth/getuserinfo": directory.who,
            "appchat/get": posts.get,
        }
        self._posted: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "message/send": messages.send,
            "message/update_template_card": messages.update,
            "message/recall": messages.recall,
            "appchat/create": posts.create,
            "appchat/update": posts.update,
            "appchat/send": posts.send,
        }

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/cgi-bin/{path:.+}", self._take), web.post("/cgi-bin/{path:.+}", self._take)]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        path, faults = request.match_info["path"], self._world.faults
        body = await self._body(request)
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if faults.drop > 0:
            faults.drop -= 1
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        answer = self._refused(request, path) or self._handled(request, path, body)
        if answer is None:
            return web.Response(status=404)
        logged = {"name": body[0], "size": len(body[1])} if isinstance(body, tuple) else body
        self._world.requests.append(Request(path, logged, answer["errcode"]))
        return web.json_response(answer)

    async def _body(self, request: web.Request) -> Any:
        """JSON, or name and content of an uploaded file; None where there is neither."""
        if request.method == "GET":
            return None
        if request.content_type.startswith("multipart/"):
            part = (await request.post()).get("media")
            if not isinstance(part, web.FileField):
                return "", b""
            content = part.file.read()
            part.file.close()
            return part.filename, content
        try:
            return await request.json()
        except ValueError:
            return None

    def _refused(self, request: web.Request, path: str) -> Answer | None:
        faults = self._world.faults
        if faults.untrusted_ip and path not in _WITHOUT_TOKEN:
            return answered(60020)
        if faults.next_errors and path != "gettoken":
            return answered(faults.next_errors.popleft())
        if path not in _WITHOUT_TOKEN and (
            code := self._tokens.refusal(request.query.get("access_token", ""))
        ):
            return answered(code)
        return None

    def _handled(self, request: web.Request, path: str, body: Any) -> Answer | None:
        if request.method == "GET":
            return self._gets[path](request.query) if path in self._gets else None
        if path == "media/upload":
            name, content = body if isinstance(body, tuple) else ("", b"")
            return self._messages.upload(request.query.get("type", ""), name, content)
        if not isinstance(body, Mapping):
            return answered(47001)
        if path == "webhook/send":
            return self._posts.webhook(request.query, body)
        if path == "aibot/response":
            return self._respond(request.query.get("response_code", ""), body)
        return self._posted[path](body) if path in self._posted else None

    def _get_token(self, query: Mapping[str, str]) -> Answer:
        code, token = self._tokens.issue(query.get("corpid", ""), query.get("corpsecret", ""))
        if code:
            return answered(code)
        return answered(access_token=token, expires_in=int(VALID.total_seconds()))
