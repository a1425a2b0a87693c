from __future__ import annotations

import pytest

from handlers.reading.people import PersonName, find_people, match_people, named_in

WANG = PersonName(1, "王店", "E0101", "店长")
LI = PersonName(2, "李四", "E0102", "生鲜主管")
ZHANG = PersonName(3, "张三", "E0103", "收银员")
OTHER_ZHANG = PersonName(4, "张三", "E0203", "理货员")
ZHANG_SANFENG = PersonName(5, "张三丰", "E0204", "店长")
CHEN = PersonName(6, "陈总", "E0001", "总经理")
STAFF = (WANG, LI, ZHANG, OTHER_ZHANG, ZHANG_SANFENG, CHEN)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("转审 R8 @王店长", ["王店长"]),
        ("交接 ＠李四 @王五", ["李四", "王五"]),
        ("分解 KR7 E0101 40% @李四 60%", ["E0101", "李四"]),
        ("绑定 HZ0012", ["HZ0012"]),
        ("查看 @E0007", ["E0007"]),
        ("更新 KR34 1050 O12", []),
        ("@", []),
    ],
)
def test_who_is_named(text: str, names: list[str]) -> None:
    assert [name for _, _, name in find_people(text)] == names


def test_names_have_their_place() -> None:
    assert find_people("协作 @李四 急") == [(3, 6, "李四")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("李四", [LI]),
        ("@李四", [LI]),
        ("张三", [ZHANG, OTHER_ZHANG]),
        ("张三丰", [ZHANG_SANFENG]),
        ("e0102", [LI]),
        ("王店长", [WANG]),
        ("李四需要客流", [LI]),
        ("张三丰上周", [ZHANG_SANFENG]),
        ("李主管", [LI]),
        ("张店长", [ZHANG_SANFENG]),
        ("小李", [LI]),
        ("小张", [ZHANG, OTHER_ZHANG, ZHANG_SANFENG]),
        ("三丰", [ZHANG_SANFENG]),
        ("赵六", []),
        ("李", []),
        ("", []),
    ],
)
def test_whom_a_written_name_means(written: str, meant: list[PersonName]) -> None:
    assert match_people(written, STAFF) == meant


def test_names_within_a_sentence() -> None:
    assert named_in("帮我问下李四上周客流数据", STAFF) == [LI]
    assert named_in("陈总和王店都在", STAFF) == [CHEN, WANG]
    assert named_in("谁都不在", STAFF) == []
