"""Numbers as people type and say them. All exact; what is absurd or can be read in two ways is not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handlers.reading.dates import DATE_LIKE
from handlers.reading.ids import find_refs
from handlers.reading.magnitude import Misread, read_magnitude
from handlers.reading.normal import narrow, tidy
from handlers.reading.numerals import DIGITS, NUMERALS


class Meaning(StrEnum):
    """What a number wants after a reporting word. Anywhere else only the value counts."""

    VALUE = "value"
    CHANGE = "change"
    """`+20`, `-3`, `涨了20`: to be added to the last value."""
    EXACT = "exact"
    """`=-3`: this value, whatever the sign looks like."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that was typed. Percents are as people say them: 85% is 85 with `percent`.

    `points`: percentage points (个点, 百分点). `unit` as typed, 块 as 元; empty where none stands there.
    """

    value: Decimal
    meaning: Meaning = Meaning.VALUE
    percent: bool = False
    points: bool = False
    unit: str = ""


Found = tuple[int, int, Quantity]
"""Where a number stands in a text (start, end), and the number."""

KNOWN_UNIT = (
    "小时|分钟|人次|个月|公斤|平方米|平米|项目|kg|元|人|次|单(?!价)|家|天(?!气)|件|名|位|条|份|箱|斤|吨|店|场|户|篇|笔|盒|瓶|袋"
    "|台|套|张|周(?![末一二三四五六日])|项|种|桌|票|组|款|分|秒|米|克|个"
)
_CHAR = f"0-9{NUMERALS}"
NUMERAL = (
    f"(?:百分之 ?)?(?:[0-9]|[{DIGITS}十廿])"
    f"(?:[{_CHAR}]|[.,点](?=[0-9{DIGITS}])|[wWkK](?![A-Za-z])| (?=[万亿]))*+"
)
"""A numeral without sign and unit, for patterns of phrases; what it matches is still to be read."""
_UP = "涨|(?<![不最至差])多|增加|增长|增|(?<!参)加|提升|提高|上升|上涨"
_DOWN = "下降|下跌|下滑|降低|降|减少|(?<![不最至])少|减|跌|掉|回落"
_NUMBER = re.compile(
    f"(?:(?P<up>(?:{_UP}) ?了? ?)|(?P<down>(?:{_DOWN}) ?了? ?))?"
    r"(?P<sign>(?:= ?)?[+-]?|=?负)"
    f"(?P<body>{NUMERAL})"
    r"(?: ?(?:(?P<points>个?百分点|个点)|(?P<percent>%)"
    f"|(?P<yuan>块钱?(?:(?P<dime>[0-9{DIGITS}])毛?)?)"
    f"|(?<! )(?P<unit>{KNOWN_UNIT})|(?<= )(?P<unit_apart>{KNOWN_UNIT})(?![\u4e00-\u9fff])))?"
)
_WORDS_BEFORE_SINGLE = re.compile("[到是为成至=]$")
_ESTIMATE = re.compile("[多几余来](?![A-Za-z])")
_NOT_COUNTED = re.compile(
    r"第 ?[0-9" + NUMERALS + r"]+|[0-9]+(?: ?[和跟与] ?[0-9]+)+|(?<![0-9])1[3-9][0-9]{9}(?![0-9])"
    r"|[0-9]+(?:[-~/:][0-9]+)+|百分百"
)
_TOUCHES_BEFORE = re.compile(r"[A-Za-z0-9_.@#$]$|[0-9][,:/~-]$")
_TOUCHES_AFTER = re.compile(r"[A-Za-z_]|[.,:/~-]*[0-9]")
_LONGEST = 40
_LONGEST_SENTENCE = 1000
_TO = re.compile("^(?:(?:涨|升|降|减|提升|提高|降低|下降|做|达)?到了?|是|为|至) ?(?=[^+-])")
_WHOLE_PERCENT = {"百分百": Decimal(100)}


def read_number(text: str) -> Quantity | None:
    """The number that a whole token is, or None: `1050`, `到1050了`, `涨了20`. Never raises."""
    read = examine_number(text)
    return read if isinstance(read, Quantity) else None


def examine_number(text: str) -> Quantity | Misread:
    """Like `read_number`, but says why it is none."""
    text = tidy(text)
    if text in _WHOLE_PERCENT:
        return Quantity(_WHOLE_PERCENT[text], percent=True)
    text = _TO.sub("", text).removesuffix("了")
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    return _quantity(match) if match else Misread.NOT_A_NUMBER


def find_numbers(text: str) -> list[Found]:
    """The numbers of a sentence in their order; a change starts at its word (`涨了20`).

    Left out: ids, days and times, ordinals, `1和3`, telephone numbers, estimates (`1000多`), and what
    cannot be read for sure. Positions are those of `text` as given; of a very long text only the beginning is
    read, so that nobody can keep the bot busy with one.
    """
    plain = _without_ids(narrow(text[:_LONGEST_SENTENCE]))
    taken = [match.span() for match in (*DATE_LIKE.finditer(plain), *_NOT_COUNTED.finditer(plain))]
    found: list[Found] = []
    for match in _NUMBER.finditer(plain):
        start, end = match.span()
        body = match.start("body")
        if any(body < last and first < match.end("body") for first, last in taken):
            continue
        if not _stands_alone(plain, match) or len(match[0]) > _LONGEST:
            continue
        quantity = _quantity(match)
        if isinstance(quantity, Quantity):
            found.append((start, end, quantity))
    return found


def _without_ids(text: str) -> str:
    """The same length, so that positions hold, with nothing in it for a number to touch."""
    for start, end, _ in find_refs(text):
        text = f"{text[:start]}{'〓' * (end - start)}{text[end:]}"
    return text


def _quantity(match: re.Match[str]) -> Quantity | Misread:
    body, percent = match["body"], bool(match["percent"])
    if body.startswith("百分之"):
        if percent or match["points"]:
            return Misread.NOT_A_NUMBER
        body, percent = body.removeprefix("百分之").lstrip(), True
    value = read_magnitude(body)
    if isinstance(value, Misread):
        return value
    if match["dime"]:
        dime = read_magnitude(match["dime"])
        if isinstance(dime, Misread) or value != value.to_integral_value():
            return Misread.AMBIGUOUS
        value += dime / 10
    sign = match["sign"].replace(" ", "")
    has_verb = bool(match["up"] or match["down"])
    if has_verb and sign:
        return Misread.AMBIGUOUS
    return Quantity(
        -value if match["down"] or sign[-1:] in ("-", "负") else value,
        _meaning(sign, has_verb),
        percent,
        bool(match["points"]),
        "元" if match["yuan"] else match["unit"] or match["unit_apart"] or "",
    )


def _meaning(sign: str, has_verb: bool) -> Meaning:
    if sign.startswith("="):
        return Meaning.EXACT
    return Meaning.CHANGE if has_verb or sign in ("+", "-") else Meaning.VALUE


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Nothing touches the number that would make it a part of something else."""
    body, start, end = match["body"], match.start("body"), match.end()
    if _TOUCHES_AFTER.match(text, end) or _ESTIMATE.match(text, match.end("body")):
        return False
    if match["sign"] in ("", "负"):
        if _TOUCHES_BEFORE.search(text[:start]):
            return False
    elif re.search(r"[A-Za-z0-9.+=-]$", text[: match.start()]):
        return False
    return body[0].isascii() or body.startswith("百分之") or _is_counting(text, match)


def _is_counting(text: str, match: re.Match[str]) -> bool:
    """Chinese numerals are parts of many words (一样, 十分, 统一): alone they count only where they must."""
    if len(match["body"]) > 1:
        return True
    if match["up"] or match["down"] or _WORDS_BEFORE_SINGLE.search(text[: match.start("sign")]):
        return True
    has_unit = match["yuan"] or match["points"] or match["percent"] or match["unit"]
    return bool(has_unit) and match["body"] != "一" and match["unit"] not in ("个", "分", "周")
