from __future__ import annotations

import pytest

from handlers.reading.ids import Ref, RefKind, find_refs, take_ref


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("更新KR34 1050", ["KR34"]),
        ("更新 kr 34 1050", ["KR34"]),
        ("ＫＲ３４涨了20", ["KR34"]),
        ("K R 34", ["KR34"]),
        ("KR034", ["KR34"]),
        ("对齐 O12 KR7", ["O12", "KR7"]),
        ("O12支撑KR7", ["O12", "KR7"]),
        ("r8 X3 a5 K2 j12", ["R8", "X3", "A5", "K2", "J12"]),
        ("分解 KR7 E0101 40% E0102 60%", ["KR7", "E0101", "E0102"]),
        ("E0007", ["E0007"]),
        ("OKR体检 BR5 O2O KR KR0 v2 A4x K1.5 @E0007", []),
        ("KR9999999999999", []),
    ],
)
def test_ids_in_a_text(text: str, refs: list[str]) -> None:
    assert [str(ref) for _, _, ref in find_refs(text)] == refs


def test_ids_have_their_place() -> None:
    [(start, end, ref)] = find_refs("看ＫＲ３４吧")

    assert (start, end, ref) == (1, 5, Ref("KR", 34))


def test_employee_numbers_keep_their_zeros() -> None:
    assert find_refs("e0007")[0][2] == Ref("E", 7, "E0007")
    assert find_refs("E007")[0][2] != Ref("E", 7, "E0007")


@pytest.mark.parametrize(
    ("text", "default", "ref", "rest"),
    [
        ("KR34 1050 周末", None, "KR34", "1050 周末"),
        ("KR34涨了20", None, "KR34", "涨了20"),
        ("KR34,1050", None, "KR34", "1050"),
        ("34 1050", "KR", "KR34", "1050"),
        ("34 +20", "KR", "KR34", "+20"),
        ("34涨了20", "KR", "KR34", "涨了20"),
        ("34", "KR", "KR34", ""),
        ("34 1050", None, None, "34 1050"),
        ("1,050", "KR", None, "1,050"),
        ("34.5", "KR", None, "34.5"),
        ("34%", "KR", None, "34%"),
        ("1w2", "KR", None, "1w2"),
        ("O12", "KR", "O12", ""),
        ("客流 KR34", "KR", None, "客流 KR34"),
        ("", "KR", None, ""),
    ],
)
def test_the_id_a_text_begins_with(text: str, default: RefKind | None, ref: str | None, rest: str) -> None:
    taken, left = take_ref(text, default)

    assert (str(taken) if taken else None, left) == (ref, rest)
