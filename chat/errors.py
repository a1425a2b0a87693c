"""How a delivery fails. A platform's error always says whether trying again can help.

DeliveryFailed
├── Unreachable   may work later: the network, a rate limit, a server error, a spent token
└── Rejected      never will: no such user, a malformed card, no permission
"""

from __future__ import annotations

from datetime import timedelta


class DeliveryFailed(Exception):
    """The platform did not take the message."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Unreachable(DeliveryFailed):
    """It may work later; `after` is the platform's own advice how much later, if it gave one."""

    def __init__(self, reason: str, *, code: str = "", after: timedelta | None = None) -> None:
        super().__init__(reason, code=code)
        self.after = after


class Rejected(DeliveryFailed):
    """It never will; `receiver` is true where the person cannot be reached on this platform at all."""

    def __init__(self, reason: str, *, code: str = "", receiver: bool = False) -> None:
        super().__init__(reason, code=code)
        self.receiver = receiver
