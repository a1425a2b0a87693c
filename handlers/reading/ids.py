"""The short numbers that things go by: O12, KR34, R8, X3, A5, K2, J12, and employees' E0007."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from handlers.reading.normal import narrow

RefKind = Literal["O", "KR", "R", "X", "A", "K", "J", "E"]


@dataclass(frozen=True, slots=True)
class Ref:
    """`number` is what it is kept by. An employee's number is text, zeros and all: it stands in `written`."""

    kind: RefKind
    number: int
    written: str = ""

    def __str__(self) -> str:
        return self.written or f"{self.kind}{self.number}"


_REF = re.compile(
    r"(?<![A-Za-z0-9_@])"
    r"(?:(?P<kind>K ?R|O|R|X|A|K|J) ?(?P<number>0*[1-9][0-9]{0,8})|E(?P<employee>[0-9]{2,12}))"
    r"(?![A-Za-z0-9_]|\.[0-9])",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<number>[1-9][0-9]{0,8})(?=$|[ \n:]|[=+-][0-9]|是|到|涨|降|完成|不变|多了|少了|增|减)"
)
_GAP = " \n,:、;"


def find_refs(text: str) -> list[tuple[int, int, Ref]]:
    """All ids in their order, with start and end in `text` as given."""
    return [(match.start(), match.end(), _ref(match)) for match in _REF.finditer(narrow(text))]


def take_ref(text: str, default_kind: RefKind | None = None) -> tuple[Ref | None, str]:
    """The id that a text begins with, and the rest; `(None, text)` where there is none.

    With `default_kind` a bare number is an id too where something sets it apart: `34 1050`, `34涨了20`. A
    number that is the whole text is also taken: only the caller knows whether it could be a value.
    """
    plain = narrow(text).lstrip()
    if match := _REF.match(plain):
        return _ref(match), plain[match.end() :].lstrip(_GAP)
    if default_kind and (match := _BARE.match(plain)):
        return Ref(default_kind, int(match["number"])), plain[match.end() :].lstrip(_GAP)
    return None, text


def _ref(match: re.Match[str]) -> Ref:
    if match["employee"]:
        return Ref("E", int(match["employee"]), f"E{match['employee']}")
    kind = match["kind"].upper().replace(" ", "")
    return Ref(cast("RefKind", kind), int(match["number"]))
