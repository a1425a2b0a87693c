"""Bars, funnels, rankings and heat maps: what stands there, that it is inside, and that no colour says it alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from cards.drawing.bars import Part, bars
from cards.drawing.beside import Side, beside
from cards.drawing.days import days
from cards.drawing.funnel import Step, funnel
from cards.drawing.heat import Line, heat, level, mean_of
from cards.drawing.ladder import Rung, ladder
from cards.drawing.lettering import width
from cards.drawing.outlines import SPACE
from cards.drawing.png import png
from cards.drawing.sheet import SMALL, WIDTH, Block, sheet
from okr.objectives import Status

LONG = "把早市做起来让写字楼的人下楼就能吃上热乎的早饭和下午茶"
BARS = bars(
    [
        Part(
            LONG, status, Decimal(share), f"{share}", Decimal(expected), f"{LONG} 1,070 人", "慢 61 个百分点"
        )
        for status, share, expected in zip(
            Status, ["0", "0.01", "0.5", "1", "1.2"] * 2, ["0", "0.6", "1"] * 3, strict=False
        )
    ]
)
FUNNEL = funnel(
    LONG,
    [
        Step("客户拜访", Decimal(22), Decimal(30), "1,234,856 次", stuck=True),
        Step("成交", Decimal(2), Decimal(3), "2 家", "9%", "上周 14%"),
        Step(LONG, Decimal(0), Decimal(0), "0 单", "—"),
    ],
)
LADDER = ladder(
    [
        Rung(1, LONG, "1,234.5 万元", Decimal(1), 0),
        Rung(2, "孙丽", "9.1 万元", Decimal("0.7"), 3),
        Rung(2, "周舟", "9.1 万元", Decimal("0.7"), None),
        Rung(12, "陈晨", "6.94 万元", Decimal("0.5"), -2, left_out=True),
        Rung(13, "吴越", "6.6 万元", Decimal(0), 12, own=True, gap="差 3,400 元"),
    ]
)
VALUES: list[Decimal | None] = [
    Decimal(31),
    Decimal(29),
    None,
    Decimal(33),
    Decimal(38),
    Decimal(47),
    Decimal(45),
]
HEAT = heat(
    [f"{day} {n}" for n, day in enumerate("五六日一二三四", 20)],
    [Line(LONG, VALUES, ["缺" if value is None else str(value) for value in VALUES])] * 3,
)
LAST = date(2026, 11, 27)
DAYS = days(
    {LAST - timedelta(days=n): Decimal(1_234_567 - 400_000 * (n % 5)) for n in range(28) if n != 3},
    "元",
    LAST,
    28,
)
BESIDE = beside(
    [
        Side(LONG, Decimal(200), "200 元", 1, f"比中位高 97% {LONG}"),
        Side("文二店", Decimal(102), "102 元"),
        Side("古墩店", Decimal(0), "0 元"),
        Side(LONG, Decimal(-40), "1,234.5 万元", -1),
    ],
    Decimal(199),
    "中位 199 元",
)
BLOCKS = {"beside": BESIDE, "bars": BARS, "funnel": FUNNEL, "ladder": LADDER, "heat": HEAT, "days": DAYS}


def drawn(block: Block) -> ET.Element:
    return ET.fromstring(sheet(LONG, LONG, [block]))


def said(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SPACE}text")]


@pytest.mark.parametrize("name", BLOCKS)
def test_words_are_large_enough_and_inside(name: str) -> None:
    for text in drawn(BLOCKS[name]).iter(f"{SPACE}text"):
        size, x, words = float(text.get("font-size", "0")), float(text.get("x", "0")), text.text or ""
        wide = width(words, size)
        begin = x - {"end": wide, "middle": wide / 2}.get(text.get("text-anchor", ""), 0)
        assert size >= SMALL
        assert begin >= 0, words
        assert begin + wide <= WIDTH + 0.01, words


def luminance(colour: str) -> float:
    """Of `#RRGGBB`, by WCAG 2."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", BLOCKS)
def test_words_stand_out_from_what_they_are_written_on(name: str) -> None:
    """On the paper, on one's own row, and on a cell of the heat map."""
    picture = drawn(BLOCKS[name])
    for text in picture.iter(f"{SPACE}text"):
        ink = text.get("fill", "")
        if ink == "#FFFFFF":
            continue
        assert contrast(ink, "#FFFFFF") >= 4.5, text.text
        assert contrast(ink, "#E8F0FF") >= 4.5, text.text
    fills = re.findall(r'class="level\d"[^>]*fill="(#\w{6})"', sheet("", "", [HEAT]))
    inks = re.findall(r'class="level\d".*?</text>', sheet("", "", [HEAT]), re.DOTALL)
    for fill, cell in zip(fills, inks, strict=True):
        assert contrast(fill, re.findall(r'<text[^>]*fill="(#\w{6})"', cell)[0]) >= 4.5


@pytest.mark.parametrize("name", BLOCKS)
def test_it_becomes_a_picture(name: str) -> None:
    assert png(sheet(LONG, LONG, [BLOCKS[name]])).startswith(b"\x89PNG")


def test_a_bar_has_its_percent_its_light_and_its_words() -> None:
    words = said(drawn(BARS))

    assert "慢 61 个百分点" in words
    lights = {
        ET.tostring(next(iter(group)))
        for group in drawn(BARS).iter(f"{SPACE}g")
        if group.get("class") == "bar"
    }
    assert len(lights) == len(Status)


def test_a_funnel_says_where_it_is_stuck_in_words() -> None:
    words = said(drawn(FUNNEL))

    assert words.count("卡在这儿") == 1
    assert [one for one in words if one in ("1,234,856 次", "2 家", "9%", "上周 14%", "—")] == [
        "1,234,856 次",
        "9%",
        "上周 14%",
        "2 家",
        "—",
    ]


def test_ones_own_row_is_marked_and_the_gap_to_the_one_above_is_said() -> None:
    rungs = [group for group in drawn(LADDER).iter(f"{SPACE}g") if "rung" in group.get("class", "")]

    assert ["own" in rung.get("class", "") for rung in rungs] == [False] * 4 + [True]
    assert said(rungs[-1]) == ["13", "吴越(我)", "6.6 万元", "12", "差 3,400 元"]
    ways = [len(list(rung.iter(f"{SPACE}path"))) for rung in rungs]
    assert ways == [0, 1, 0, 1, 1]


def test_a_day_without_data_is_no_day_of_nothing() -> None:
    picture = drawn(DAYS)
    shown = [one.get("class", "") for one in picture.iter(f"{SPACE}rect") if one.get("class")]

    assert shown.count("missing") == 1
    assert shown.count("day weekend") == 8
    told = [one.text for one in picture.iter(f"{SPACE}title")]
    assert "11月24日 周二 缺" in told
    assert "11月27日 周五 123.46 万元" in told


def test_a_missing_day_is_said_to_be_missing() -> None:
    words = said(drawn(HEAT))

    assert words.count("缺") == 3
    assert "0" not in words


@pytest.mark.parametrize(
    ("value", "found"),
    [("80", 0), ("80.1", 1), ("93", 1), ("93.1", 2), ("100", 2), ("106.9", 2), ("107", 3), ("120", 4)],
)
def test_a_cell_is_coloured_by_its_own_rows_mean(value: str, found: int) -> None:
    assert level(Decimal(value), Decimal(100)) == found


def test_a_mean_is_of_the_days_that_are_known() -> None:
    assert mean_of([Decimal(10), None, Decimal(20)]) == 15
    assert level(Decimal(3), mean_of([])) == 2


def test_who_is_far_from_the_others_has_a_shape_and_bars_begin_at_nought() -> None:
    svg = sheet("", "", [BESIDE])
    high, low = (re.search(rf'class="side {way}".*?</g>', svg, re.DOTALL) for way in ("high", "low"))
    assert high is not None
    assert low is not None
    assert 'fill="#1B5FB4"/>' in high[0], "a full triangle"
    assert 'fill="none" stroke="#9E4A06"' in low[0], "an empty one, upside down"
    rows = BESIDE.shown["rows"]  # type: ignore[index]
    nought, widest = rows[0].bar_x, rows[0].bar_x + rows[0].filled
    assert widest == pytest.approx(WIDTH - 16)
    assert [row.filled for row in rows][2] == 0
    assert rows[3].bar_x + rows[3].filled == pytest.approx(nought), "what is below nought ends there"
    assert rows[1].filled / rows[0].filled == pytest.approx(0.51, abs=0.001)
