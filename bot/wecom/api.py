"""WeCom's HTTP API for the app: one token, few calls, every refusal turned into Unreachable or Rejected.

Sources: developer.work.weixin.qq.com 91039 (token), 90236 (send), 94888 (update of a card), 96484 (upload).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp

from bot.wecom.errcodes import TOKEN_SPENT, failure
from chat.errors import Rejected, Unreachable
from chat.files import Outgoing

TIMEOUT = 10.0
"""Seconds for one call."""
MOST_AT_ONCE = 1000
"""People of one message."""
NOT_REACHED = ("invaliduser", "unlicenseduser")
_RENEW_EARLY = 300.0
"""Seconds before the end of its validity at which a token counts as spent."""


class WeComApi:
    """One app of one company. The session opens with the first call and lives until `close`."""

    def __init__(
        self, api_base: str, *, corp_id: str, secret: str, agent_id: int, timeout: float = TIMEOUT
    ) -> None:
        self._base = api_base.rstrip("/")
        self._corp_id = corp_id
        self._secret = secret
        self._agent_id = agent_id
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None
        self._token = ""
        self._token_until = 0.0
        self._token_lock = asyncio.Lock()

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def token(self) -> str:
        """The access token. However many ask at once, one call fetches it."""
        async with self._token_lock:
            now = asyncio.get_running_loop().time()
            if not self._token or now >= self._token_until:
                query = {"corpid": self._corp_id, "corpsecret": self._secret}
                answer = _accepted(await self._request("GET", "gettoken", query=query))
                self._token = answer["access_token"]
                self._token_until = now + max(answer["expires_in"] - _RENEW_EARLY, 1.0)
            return self._token

    async def call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None
    ) -> dict[str, Any]:
        """One call under `/cgi-bin/`. A token that the platform gave up early is renewed once."""
        return await self._with_token(
            lambda token: self._request(
                method, path, query={"access_token": token, **(query or {})}, body=body
            )
        )

    async def _with_token(self, ask: Callable[[str], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        token = await self.token()
        answer = await ask(token)
        if answer.get("errcode") in TOKEN_SPENT:
            if self._token == token:
                self._token = ""
            answer = await ask(await self.token())
        return _accepted(answer)

    async def upload(self, file: Outgoing, kind: str) -> str:
        """Give the platform a file, `kind` image or file; the media id is good for three days inside the company."""

        def ask(token: str) -> Awaitable[dict[str, Any]]:
            query = {"access_token": token, "type": kind}
            return self._request("POST", "media/upload", query=query, form=_form_of(file))

        return str((await self._with_token(ask))["media_id"])

    async def send_file(self, user_id: str, kind: str, media_id: str) -> None:
        """`kind` image or file."""
        await self._send(user_id, {"msgtype": kind, kind: {"media_id": media_id}})

    async def send_text(self, user_id: str, text: str) -> None:
        await self._send(user_id, {"msgtype": "text", "text": {"content": text}})

    async def send_text_to(self, user_ids: Sequence[str], text: str) -> Mapping[str, str]:
        """One text for up to MOST_AT_ONCE people; who did not get it, in lower case, with the reason."""
        message = {"msgtype": "text", "text": {"content": text}}
        answer = await self._post_message("|".join(user_ids), message)
        return {
            user_id: why
            for why in NOT_REACHED
            for user_id in str(answer.get(why) or "").split("|")
            if user_id
        }

    async def send_card(self, user_id: str, card: Mapping[str, Any]) -> str:
        """The task_id makes the request unlike any other, so the platform itself drops a second copy.

        Returns the code by which the card may be changed once, within 72 hours; empty where there is none.
        """
        message = {"msgtype": "template_card", "template_card": card, "enable_duplicate_check": 1}
        return str((await self._send(user_id, message)).get("response_code") or "")

    async def update_card(self, response_code: str, user_id: str, card: Mapping[str, Any]) -> None:
        """Redraw a card for one person, by the code of a click or of its sending: once, within 72 hours."""
        body = {
            "agentid": self._agent_id,
            "response_code": response_code,
            "userids": [user_id],
            "template_card": card,
        }
        await self.call("POST", "message/update_template_card", body=body)

    async def post(self, url: str, body: Any) -> None:
        """Post to an address that the platform gave us, which needs no token."""
        _accepted(await self._exchange("POST", url, body=body))

    async def _send(self, user_id: str, message: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self._post_message(user_id, message)
        for why in NOT_REACHED:
            # Success does not mean that somebody got it; the ids come back in lower case.
            if answer.get(why):
                raise Rejected(f"WeCom {why}: {answer[why]}", code=why, receiver=True)
        return answer

    async def _post_message(self, to: str, message: Mapping[str, Any]) -> dict[str, Any]:
        body = {"touser": to, "agentid": self._agent_id, **message}
        return await self.call("POST", "message/send", body=body)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        body: Any = None,
        form: aiohttp.MultipartWriter | None = None,
    ) -> dict[str, Any]:
        return await self._exchange(method, f"{self._base}/cgi-bin/{path}", query=query, body=body, form=form)

    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        form: aiohttp.MultipartWriter | None = None,
    ) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.request(method, url, params=query, json=body, data=form) as response:
                if response.status != 200:
                    raise Unreachable(f"WeCom HTTP {response.status}", code=f"http {response.status}")
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The address would show the token and the secret: only the kind of error is told.
            raise Unreachable(f"WeCom network: {type(error).__name__}", code="network") from None
        if not isinstance(answer, dict):
            raise Unreachable("WeCom answered no object", code="network")
        return answer


def _form_of(file: Outgoing) -> aiohttp.MultipartWriter:
    with aiohttp.MultipartWriter("form-data") as form:
        part = form.append(io.BytesIO(file.content), {"Content-Type": file.media_type})
        part.set_content_disposition("form-data", quote_fields=False, name="media", filename=file.name)
    return form


def _accepted(answer: dict[str, Any]) -> dict[str, Any]:
    code = answer.get("errcode", 0)
    if code != 0:
        raise failure(code, str(answer.get("errmsg", "")))
    return answer
