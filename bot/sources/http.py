"""An HTTP interface that answers in JSON, page after page.

Whatever goes wrong becomes a kind of failure: neither address nor headers nor body are in its words.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp
from yarl import URL

from bot.exact_json import DECODER
from bot.sources.moments import filled
from config.expressions import finder
from config.sources import Http, Paging
from okr.pulling import PullFailed, Trouble

LARGEST = 16 * 1024 * 1024
"""Bytes of one page."""
PAGES = 200_000
_PARAMETERS = {"page": "page", "offset": "offset", "cursor": "cursor", "link": ""}
_STATUSES = {
    401: Trouble.AUTH,
    403: Trouble.AUTH,
    404: Trouble.NOT_FOUND,
    408: Trouble.TIMEOUT,
    410: Trouble.NOT_FOUND,
    429: Trouble.BUSY,
    504: Trouble.TIMEOUT,
}


async def pages(http: Http, values: Mapping[str, Any], patience: float) -> AsyncGenerator[list[Any], None]:
    """The records of each page. `patience`: seconds for one of them. Raises PullFailed."""
    find = finder(http.records)
    headers = {name: value.get_secret_value() for name, value in http.headers.items()}
    if token := http.token.get_secret_value():
        headers["Authorization"] = f"Bearer {token}"
    limit = aiohttp.ClientTimeout(total=patience)
    async with aiohttp.ClientSession(headers=headers, timeout=limit, trust_env=False) as client:
        turn = _Turn(http, values)
        before: list[Any] = []
        for number in range(PAGES):
            body, link = await _asked(client, http.method, turn.url, turn.parameters)
            records = find(body)
            if not isinstance(records, list):
                raise PullFailed(Trouble.SHAPE)
            if records and records == before:
                if turn.is_counted and number > 1:  # beyond its last page it shows that again
                    return
                raise PullFailed(Trouble.PAGING)  # it does not heed what is asked, and would go on for ever
            before = records
            if records:
                yield records
            if not turn.next(body, link, len(records)):
                return
    raise PullFailed(Trouble.PAGING)


class _Turn:
    """Where the next page is."""

    def __init__(self, http: Http, values: Mapping[str, Any]) -> None:
        self.url = URL(filled(http.url, values))
        self.parameters = {
            name: filled(value.get_secret_value(), values) for name, value in http.params.items()
        }
        self._paging = http.paging
        self._seen: set[str] = set()
        self._place = 0
        if http.paging is not None:
            self._begin(http.paging)

    def _begin(self, paging: Paging) -> None:
        if paging.size and paging.by != "link":
            self.parameters[paging.size_parameter] = str(paging.size)
        if paging.by in ("page", "offset"):
            self._place = paging.first if paging.by == "page" else 0
            self._say(paging, str(self._place))

    def _say(self, paging: Paging, value: str) -> None:
        self.parameters[paging.parameter or _PARAMETERS[paging.by]] = value

    @property
    def is_counted(self) -> bool:
        """Whether pages are asked for by their number or place."""
        return self._paging is not None and self._paging.by in ("page", "offset")

    def next(self, body: Any, link: str, count: int) -> bool:
        """Turn to the next page; false where there is none."""
        paging = self._paging
        if paging is None:
            return False
        if paging.by in ("page", "offset"):
            self._place += 1 if paging.by == "page" else count
            self._say(paging, str(self._place))
            return count > 0 and (not paging.size or count >= paging.size)
        found = finder(paging.next)(body) if paging.next else link
        if not found or isinstance(found, bool | dict | list):
            return False
        said = str(found)
        if said in self._seen:
            raise PullFailed(Trouble.PAGING)
        self._seen.add(said)
        if paging.by == "cursor":
            self._say(paging, said)
            return True
        target = self.url.join(URL(said))
        if target.origin() != self.url.origin():  # the token is for that host alone
            raise PullFailed(Trouble.MOVED)
        self.url, self.parameters = target, {}
        return True


async def _asked(
    client: aiohttp.ClientSession, method: str, url: URL, parameters: Mapping[str, str]
) -> tuple[Any, str]:
    """The decoded body, and the Link header's next page."""
    sent: dict[str, Any] = {"json": dict(parameters)} if method == "POST" else {"params": parameters}
    try:
        async with client.request(method, url, allow_redirects=False, **sent) as response:
            _require_well(response.status)
            raw = bytearray()
            async for some in response.content.iter_any():
                raw += some
                if len(raw) > LARGEST:
                    raise PullFailed(Trouble.TOO_LARGE)  # noqa: TRY301  # the rest is not read
            following = response.links.get("next")
            link = str(following["url"]) if following else ""
    except PullFailed:
        raise
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise PullFailed(_of_error(error)) from None
    return _decoded(bytes(raw)), link


def _decoded(raw: bytes) -> Any:
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise PullFailed(Trouble.WEB_PAGE)
    try:
        return DECODER.decode(raw.decode(json.detect_encoding(raw)))
    except (ValueError, RecursionError):
        raise PullFailed(Trouble.NOT_JSON) from None


def _require_well(status: int) -> None:
    if status >= 300:
        raise PullFailed(_of_status(status), str(status))


def _of_status(status: int) -> Trouble:
    if status in _STATUSES:
        return _STATUSES[status]
    if status < 400:
        return Trouble.MOVED
    return Trouble.SERVER if status >= 500 else Trouble.REFUSED


def _of_error(error: Exception) -> Trouble:
    if isinstance(error, TimeoutError):
        return Trouble.TIMEOUT
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return Trouble.CERTIFICATE
    if isinstance(error, ConnectionRefusedError) or isinstance(
        getattr(error, "os_error", None), ConnectionRefusedError
    ):
        return Trouble.REFUSED
    return Trouble.UNREACHABLE
