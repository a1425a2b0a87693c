from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.magnitude import Misread
from handlers.reading.numbers import Meaning, Quantity, examine_number, find_numbers, read_number

CHANGE, EXACT, VALUE = Meaning.CHANGE, Meaning.EXACT, Meaning.VALUE


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1050", "1050"),
        ("1,050.5", "1050.5"),
        ("1，050", "1050"),
        ("1.2万", "12000"),
        ("1万2", "12000"),
        ("1w2", "12000"),
        ("1W2", "12000"),
        ("1.2w", "12000"),
        ("1.2k", "1200"),
        ("12.5 万", "125000"),
        ("3.5亿", "350000000"),
        ("1亿2千万", "120000000"),
        ("3百万", "3000000"),
        ("1万2千", "12000"),
        ("1万2345", "12345"),
        ("1万500", "10500"),
        ("1万零500", "10500"),
        ("1万二", "12000"),
        ("一千零五十", "1050"),
        ("两百", "200"),
        ("6点9", "6.9"),
        ("六点九", "6.9"),
        ("六点九万", "69000"),
        ("零点三", "0.3"),
        ("负三", "-3"),
        ("８５", "85"),
        ("0", "0"),
        ("999999999999999", "999999999999999"),
        ("1.234567", "1.234567"),
        ("1.23456789万", "12345.6789"),
        ("1.5000000000", "1.5"),
        ("到1050了", "1050"),
        ("降到6.9", "6.9"),
    ],
)
def test_plain_values(typed: str, value: str) -> None:
    assert read_number(typed) == Quantity(Decimal(value))


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("85%", Quantity(Decimal(85), percent=True)),
        ("８５％", Quantity(Decimal(85), percent=True)),
        ("百分之八十五", Quantity(Decimal(85), percent=True)),
        ("百分之8.5", Quantity(Decimal("8.5"), percent=True)),
        ("百分百", Quantity(Decimal(100), percent=True)),
        ("0.3个点", Quantity(Decimal("0.3"), points=True)),
        ("零点三个百分点", Quantity(Decimal("0.3"), points=True)),
        ("1050块", Quantity(Decimal(1050), unit="元")),
        ("1050块钱", Quantity(Decimal(1050), unit="元")),
        ("1050元", Quantity(Decimal(1050), unit="元")),
        ("3块5", Quantity(Decimal("3.5"), unit="元")),
        ("十二块五毛", Quantity(Decimal("12.5"), unit="元")),
        ("100万 元", Quantity(Decimal(1000000), unit="元")),
        ("1050 人", Quantity(Decimal(1050), unit="人")),
        ("30分钟", Quantity(Decimal(30), unit="分钟")),
        ("5kg", Quantity(Decimal(5), unit="kg")),
        ("+20", Quantity(Decimal(20), CHANGE)),
        ("-3", Quantity(Decimal(-3), CHANGE)),
        ("−3", Quantity(Decimal(-3), CHANGE)),
        ("+1.2万", Quantity(Decimal(12000), CHANGE)),
        ("涨了20", Quantity(Decimal(20), CHANGE)),
        ("多了20", Quantity(Decimal(20), CHANGE)),
        ("增加20", Quantity(Decimal(20), CHANGE)),
        ("加20", Quantity(Decimal(20), CHANGE)),
        ("涨了二十人", Quantity(Decimal(20), CHANGE, unit="人")),
        ("降了0.3个点", Quantity(Decimal("-0.3"), CHANGE, points=True)),
        ("少了5", Quantity(Decimal(-5), CHANGE)),
        ("减5", Quantity(Decimal(-5), CHANGE)),
        ("涨了5%", Quantity(Decimal(5), CHANGE, percent=True)),
        ("=-3", Quantity(Decimal(-3), EXACT)),
        ("＝1050", Quantity(Decimal(1050), EXACT)),
    ],
)
def test_percents_units_and_changes(typed: str, quantity: Quantity) -> None:
    assert read_number(typed) == quantity


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1000000000000000", Misread.TOO_LARGE),
        ("99999亿亿", Misread.NOT_A_NUMBER),
        ("12345678亿", Misread.TOO_LARGE),
        ("0.1234567", Misread.TOO_PRECISE),
        ("1." + "3" * 20, Misread.TOO_PRECISE),
        ("1万25", Misread.AMBIGUOUS),
        ("1.2万5", Misread.AMBIGUOUS),
        ("三四", Misread.AMBIGUOUS),
        ("涨了-3", Misread.AMBIGUOUS),
    ]
    + [
        (typed, Misread.NOT_A_NUMBER)
        for typed in (
            "", " ", "KR34", "O12", "E0007", "12月5日", "2026-12-05", "10点", "第3", "1和3", "１２３,４５", "1,2,3",
            "1..2", "--3", "1e9", "∞", "NaN", "1️⃣", "①", "٣", "0x10", "1 050", "1050多", "3-5", "一样", "9" * 5000,
            "百分之85%", "1.5.2", "好", "+", "%", "万",
        )
    ],
)  # fmt: skip
def test_what_is_not_read_and_why(typed: str, why: Misread) -> None:
    assert examine_number(typed) is why
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("客流1050 客单48 损耗6.9", ["1050", "48", "6.9"]),
        ("客流1050,客单48；损耗6.9", ["1050", "48", "6.9"]),
        ("报错了,是1005不是1050", ["1005", "1050"]),
        ("更新KR34 1050", ["1050"]),
        ("kr 34 1050", ["1050"]),
        ("Ｏ１２ 和 E0007 卖了20", ["20"]),
        ("12月5日 980", ["980"]),
        ("2026-12-05 980", ["980"]),
        ("2026Q4 1050", ["1050"]),
        ("25号 980", ["980"]),
        ("三天前 980", ["980"]),
        ("10点前赠饮3次", ["3"]),
        ("下午3点开会", []),
        ("10:30 到店 12人", ["12"]),
        ("目标太高,降到1080行不", ["1080"]),
        ("客流一千零五十客单四十八", ["1050", "48"]),
        ("差不多1050", ["1050"]),
        ("最多20人", ["20"]),
        ("降到五了", ["5"]),
        ("1和3做完了", []),
        ("第3名", []),
        ("第三季", []),
        ("打13800138000", []),
        ("1000多人", []),
        ("三百来人", []),
        ("3-5之间", []),
        ("1..2", []),
        ("1,2,3", []),
        ("跟昨天一样,十分统一", []),
        ("有三四个人", []),
        ("A4纸 abc123 1050x", []),
        ("v1.2.3", []),
        ("", []),
    ],
)
def test_numbers_in_sentences(sentence: str, expected: list[str]) -> None:
    assert [str(quantity.value) for _, _, quantity in find_numbers(sentence)] == expected


def test_a_change_begins_at_its_word() -> None:
    text = "损耗降了0.3个点,不错"

    [(start, end, quantity)] = find_numbers(text)

    assert text[start:end] == "降了0.3个点"
    assert quantity == Quantity(Decimal("-0.3"), CHANGE, points=True)


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    examine_number(text)
    find_numbers(text)


@given(st.text(alphabet="0123456789.,+-=%万亿千百十点零一二两五负块个wk 元涨了"))
def test_reading_what_looks_like_numbers_is_exact_or_nothing(text: str) -> None:
    quantity = read_number(text)
    if quantity is not None:
        assert abs(quantity.value) < Decimal(10) ** 15
        assert quantity.value == round(quantity.value, 6)


AMOUNTS = st.decimals(0, 10**9, places=2)


@given(AMOUNTS)
def test_however_it_is_written_it_reads_back(value: Decimal) -> None:
    for typed in (f"{value}", f"{value:,}", f"{value}元", f"={value}"):
        assert getattr(read_number(typed), "value", None) == value
    assert getattr(read_number(f"{value}%"), "percent", None) is True
    assert getattr(read_number(f"-{value}"), "value", None) == -value
    assert getattr(read_number(f"{value.scaleb(-4):f}万"), "value", None) == value


@given(st.integers(1, 10**9), st.integers(0, 99))
def test_however_it_is_said_it_reads_back(whole: int, cents: int) -> None:
    fraction = "".join("零一二三四五六七八九"[int(digit)] for digit in f"{cents:02}")

    said = f"{cn2an.an2cn(whole, 'low')}点{fraction}"

    assert read_number(said) == Quantity(Decimal(f"{whole}.{cents:02}"))
    assert read_number(f"百分之{said}") == Quantity(Decimal(f"{whole}.{cents:02}"), percent=True)
