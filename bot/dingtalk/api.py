"""DingTalk's HTTP API: one token, paced calls, every refusal turned into Unreachable or Rejected.

Addresses carry tokens and sessions, so no error repeats one. Sources: open.dingtalk.com, "obtain the access token",
"batch send", "group messages", "create and deliver cards", "update a card", "upload media files".
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.dingtalk import errcodes
from bot.dingtalk.pacing import Pacing
from chat.errors import DeliveryFailed, Rejected, Unreachable
from chat.files import Outgoing
from config.settings import DingTalk

TIMEOUT = 8.0
"""Seconds for one call; the platform itself gives up after about three."""
_RENEW_EARLY = 300.0
"""Seconds before the end of its validity at which a token counts as spent."""
_CONNECTIONS = 256
MOST_AT_ONCE = 20
"""People of one message; an error's text speaks of 100, the page of 20."""

JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Posted:
    """A message for people: the platform's key of it, whom it does not know, and whom it gets too many to at the moment."""

    key: str
    unknown: frozenset[str]
    slowed: frozenset[str]

    def failure_of(self, user_id: str) -> DeliveryFailed | None:
        if user_id in self.unknown:
            return Rejected("DingTalk knows no such user", code="invalidStaffIdList", receiver=True)
        if user_id in self.slowed:
            return errcodes.failure(200, "send.too.fast", "flowControlledStaffIdList")
        return None


class DingTalkApi:
    """One application. The session opens with the first call and lives until `close`."""

    def __init__(self, settings: DingTalk, *, timeout: float = TIMEOUT, pacing: Pacing | None = None) -> None:
        self._base = settings.api_base.rstrip("/")
        self._legacy_base = settings.oapi_base.rstrip("/")
        self._client_id = settings.client_id
        self._secret = settings.client_secret
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._pacing = pacing or Pacing()
        self._session: aiohttp.ClientSession | None = None
        self._token = ""
        self._token_until = 0.0
        self._token_lock = asyncio.Lock()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=JSON,
            )
        return self._session

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def open_connection(self, subscriptions: object, ua: str) -> tuple[str, str]:
        """An endpoint of the stream and a ticket, which is good for one connection within 90 seconds."""
        body = {
            "clientId": self._client_id,
            "clientSecret": self._secret.get_secret_value(),
            "subscriptions": subscriptions,
            "ua": ua,
        }
        answer = await self._exchange("POST", f"{self._base}/v1.0/gateway/connections/open", body)
        try:
            return answer["endpoint"], answer["ticket"]
        except KeyError:
            raise Unreachable("DingTalk opened no connection", code="network") from None

    async def token(self) -> str:
        """The access token. However many ask at once, one call fetches it."""
        async with self._token_lock:
            now = asyncio.get_running_loop().time()
            if not self._token or now >= self._token_until:
                body = {"appKey": self._client_id, "appSecret": self._secret.get_secret_value()}
                answer = await self._exchange("POST", f"{self._base}/v1.0/oauth2/accessToken", body)
                self._token = answer["accessToken"]
                self._token_until = now + max(float(answer["expireIn"]) - _RENEW_EARLY, 1.0)
            return self._token

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One call under `/v1.0/`. A token that the platform gave up early is renewed once."""
        await self._pacing.turn(f"{method} {path}")
        token = await self.token()
        url = f"{self._base}/v1.0/{path}"
        try:
            return await self._exchange(method, url, body, token)
        except Unreachable as failed:
            if failed.code != errcodes.TOKEN_SPENT:
                raise
        if self._token == token:
            self._token = ""
        return await self._exchange(method, url, body, await self.token())

    async def legacy(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One call of the legacy API, whose token stands in the address; without a body it is a GET."""
        method = "GET" if body is None else "POST"
        await self._pacing.turn(f"{method} {path}")
        token = await self.token()
        url = f"{self._legacy_base}/{path}"
        try:
            return await self._exchange(method, url, body, query={"access_token": token})
        except Unreachable as failed:
            if failed.code != errcodes.TOKEN_SPENT:
                raise
        if self._token == token:
            self._token = ""
        return await self._exchange(method, url, body, query={"access_token": await self.token()})

    # --- the calls the bot makes ------------------------------------------------------------------

    async def create_card(self, body: Mapping[str, Any]) -> str:
        """Create and deliver a card; returns the platform's key of it. One that is already there is a success."""
        try:
            answer = await self.call("POST", "card/instances/createAndDeliver", body)
        except Rejected as refusal:
            if refusal.code == errcodes.ALREADY_THERE:
                return ""
            raise
        results = (answer.get("result") or {}).get("deliverResults") or ()
        for result in results:
            if not result.get("success"):
                raise Rejected(f"DingTalk card: {result.get('errorMsg')}", code=errcodes.UNDELIVERED)
        return str(results[0].get("carrierId") or "") if results else ""

    async def update_card(self, ref: str, update: Mapping[str, Any]) -> None:
        await self.call("PUT", "card/instances", {"outTrackId": ref, "userIdType": 1, **update})

    async def send_to_people(self, user_ids: Sequence[str], message: Mapping[str, Any]) -> Posted:
        """One message for up to MOST_AT_ONCE people. Success does not mean that somebody got it."""
        answer = await self.call(
            "POST", "robot/oToMessages/batchSend", {**message, "userIds": list(user_ids)}
        )
        return Posted(
            str(answer.get("processQueryKey") or ""),
            frozenset(answer.get("invalidStaffIdList") or ()),
            frozenset(answer.get("flowControlledStaffIdList") or ()),
        )

    async def send_to_group(self, conversation_id: str, message: Mapping[str, Any]) -> str:
        body = {**message, "openConversationId": conversation_id}
        answer = await self.call("POST", "robot/groupMessages/send", body)
        return str(answer.get("processQueryKey") or "")

    async def union_id_by_code(self, code: str) -> str:
        """Who has signed in in a browser that came back with this code, by the id that is the same in all companies."""
        body = {
            "clientId": self._client_id,
            "clientSecret": self._secret.get_secret_value(),
            "code": code,
            "grantType": "authorization_code",
        }
        answer = await self._exchange("POST", f"{self._base}/v1.0/oauth2/userAccessToken", body)
        token = str(answer.get("accessToken") or "")
        me = await self._exchange("GET", f"{self._base}/v1.0/contact/users/me", None, token)
        return str(me.get("unionId") or "")

    async def post_session(self, webhook: str, message: Mapping[str, Any]) -> None:
        """Answer by the address that came with a message; it needs no token and is itself a secret."""
        await self._exchange("POST", webhook, message)

    async def file_address(self, robot_code: str, download_code: str) -> str:
        """Where a file that somebody sent the robot can be fetched for a short while; empty where there is none."""
        body = {"robotCode": robot_code, "downloadCode": download_code}
        answer = await self.call("POST", "robot/messageFiles/download", body)
        return str(answer.get("downloadUrl") or "")

    async def upload(self, file: Outgoing, kind: str) -> str:
        """Give the platform a file, `kind` image or file; returns the media id, which is of use only inside it."""
        await self._pacing.turn("POST media/upload")
        token = await self.token()
        try:
            return await self._upload(file, kind, token)
        except Unreachable as failed:
            if failed.code != errcodes.TOKEN_SPENT:
                raise
        if self._token == token:
            self._token = ""
        return await self._upload(file, kind, await self.token())

    async def _upload(self, file: Outgoing, kind: str, token: str) -> str:
        with aiohttp.MultipartWriter("form-data") as form:
            part = form.append(io.BytesIO(file.content), {"Content-Type": file.media_type})
            part.set_content_disposition("form-data", quote_fields=False, name="media", filename=file.name)
        query = {"access_token": token, "type": kind}
        url = f"{self._legacy_base}/media/upload"
        answer = await self._sent("POST", url, form, headers=dict(form.headers), query=query)
        return str(answer["media_id"])

    # --- one exchange -----------------------------------------------------------------------------

    async def _exchange(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None,
        token: str = "",
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        raw = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"x-acs-dingtalk-access-token": token} if token else None
        return await self._sent(method, url, raw, headers=headers, query=query)

    async def _sent(
        self,
        method: str,
        url: str,
        data: bytes | aiohttp.MultipartWriter | None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            async with self.session.request(
                method, url, data=data, headers=headers, params=query
            ) as response:
                status, text = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The address would show a ticket, a session or a token: only the kind of error is told.
            raise Unreachable(f"DingTalk network: {type(error).__name__}", code="network") from None
        return _accepted(status, text)


def _accepted(status: int, text: bytes) -> dict[str, Any]:
    """The answer as an object. Raises Unreachable or Rejected for a refusal in either API's manner."""
    try:
        answer = json.loads(text)
    except ValueError:
        # A page of HTML: some gateway on the way, or the ban of an address.
        raise Unreachable(f"DingTalk HTTP {status}", code=f"http {status}") from None
    if not isinstance(answer, dict):
        raise Unreachable("DingTalk answered no object", code="network")
    if status == 200 and not answer.get("errcode") and answer.get("status") != 1111:
        return answer
    code = str(
        answer.get("code") or answer.get("sub_code") or answer.get("errcode") or answer.get("status") or ""
    )
    raise errcodes.failure(status, code, str(answer.get("message") or answer.get("errmsg") or ""))
