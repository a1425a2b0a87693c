"""What DingTalk's errors mean for a message on its way.

Sources: open.dingtalk.com, "global error codes", "call frequency limit" and the error tables of the robot and card APIs.
The whole code decides, never the HTTP status: a rate limit comes as 403 `Forbidden…`, a refused webhook as 200.
"""

from __future__ import annotations

from datetime import timedelta

from chat.errors import DeliveryFailed, Rejected, Unreachable

API_QUOTA = frozenset({"Forbidden.AccessDenied.ApiCountLimitForOrg", "90020"})
"""The organisation's calls of this month are used up: not today, perhaps, but not never."""
TOKEN_SPENT = "InvalidAuthentication"  # noqa: S105 - an error code
"""What every way of saying so becomes: the legacy API has numbers, gateways answer HTTP 401."""
ALREADY_THERE = "param.cardAlreadyExist"
SESSION_OVER = "session.expired"
UNDELIVERED = "deliverResults"
PERMISSION = "Forbidden.AccessDenied.AccessTokenPermissionDenied"

_BUSY = {
    "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi": 1,
    "Forbidden.AccessDenied.QpsLimitForApi": 1,
    "90018": 1,
    "90002": 1,
    "send.too.fast": 60,
    "send.byToken.tooFast": 60,
    "410100": 600,
    "302033": 600,
    "1111": 300,
    "system.error": 5,
    "ServiceUnavailable": 5,
    "-1": 5,
    "15": 5,
    "88": 5,
    "invalidClientIdOrSecret": 600,
    "authFailed": 600,
}
"""Seconds to wait. A wrong secret is a mistake in bot.yaml: once mended, what waited still goes out."""
_TOKEN = frozenset({TOKEN_SPENT, "33", "40014", "42001"})
_RECEIVER = frozenset(
    {
        "robot.oto.notExist",
        "chatbotId.notAllow.sendOTO",
        "staffId.notExisted",
        "bot.stopped",
        "group.disbanded",
        "invalidParameter.openConversationId.invalid",
        "60121",
    }
)
_FORM = ("invalidParameter.msgKey", "invalidParameter.msgParam", "contain.", "40035")
_TEMPLATE = frozenset({"param.templateNotExist", "param.templateUnpublished", PERMISSION})
_QUOTA_PAUSE = timedelta(hours=6)


def failure(status: int, code: str, message: str) -> DeliveryFailed:
    """The error to raise for a refusal; `code` is the new API's or the legacy API's number."""
    reason = f"DingTalk {code or status}: {message}"[:300]
    if code in API_QUOTA:
        return Unreachable(reason, code=code, after=_QUOTA_PAUSE)
    if code in _BUSY:
        return Unreachable(reason, code=code, after=timedelta(seconds=_BUSY[code]))
    if code in _TOKEN or status == 401:
        return Unreachable(reason, code=TOKEN_SPENT)
    if code.startswith("session.") or (code.isdecimal() and "session." in message):
        return Rejected(reason, code=SESSION_OVER)
    if status >= 500 or status == 429 or not code:
        return Unreachable(reason, code=code or f"http {status}")
    return Rejected(reason, code=code, receiver=code in _RECEIVER)


def of_the_form(refusal: Rejected) -> bool:
    """Whether the form was refused, not the receiver: the same news in a plainer form may pass."""
    return refusal.code.startswith(_FORM)


def of_the_template(refusal: Rejected) -> bool:
    """Whether no card at all would pass: the template or the permission is missing."""
    return refusal.code in _TEMPLATE
