"""Mobile numbers: one spelling to compare, and one that shows nobody the whole."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"1\d{10}")
_NOISE = re.compile(r"[\s\-()]")


def mobile_of(text: str) -> str:
    """Only digits, without China's own prefix; other countries keep theirs with a plus. Empty for what is no number."""
    digits = _NOISE.sub("", text)
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    if digits.startswith("86") and _CHINESE.fullmatch(digits[2:]):
        digits = digits[2:]
    return digits if re.fullmatch(r"\+?\d{5,15}", digits) else ""


def is_mobile(text: str) -> bool:
    """Whether somebody who types this means a Chinese mobile number."""
    return _CHINESE.fullmatch(mobile_of(text)) is not None


def masked(mobile: str) -> str:
    """138…1234: asterisks would be taken for bold."""
    return f"{mobile[:3]}…{mobile[-4:]}" if len(mobile) >= 8 else "…"
