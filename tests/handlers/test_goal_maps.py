"""目标地图: from the company to one's own, cut to what the asker may see, folded where there is no room."""

from __future__ import annotations

import pytest

from chat.answers import Answer
from handlers import goal_tree
from okr.tree import size, walk
from storage import alignments, objectives
from storage.database import Database
from storage.session import Session
from tests.handlers.sample import NOW, asking, say, words
from tests.handlers.test_contribution import goal


def in_words(answer: Answer) -> str:
    assert answer.card is not None
    face = answer.card.in_words or answer.card.face
    return "\n".join([face.title, *face.lines, face.hint])


@pytest.mark.parametrize(
    ("who", "text", "title", "seen"),
    [
        ("李四", "目标地图", "我的公司:24 个目标", "O4"),
        ("林晓", "目标地图", "我的公司:24 个目标", "O1"),
        ("李四", "地图 华东区", "华东区:21 个目标", "O2"),
        ("李四", "目标地图 西湖店", "西湖店:11 个目标", "O3"),
        ("李四", "目标地图 KR3", "KR3:19 个目标", "KR3"),
        ("李四", "目标地图 展开 O3", "O3:11 个目标", "KR5"),
        ("李四", "目标地图 @吴越", "吴越:10 个目标", "O7"),
        ("张三", "目标地图 E0101", "王店:15 个目标", "O3"),
    ],
)
async def test_whose_map_it_is(company: Database, who: str, text: str, title: str, seen: str) -> None:
    answer = await company.transact(lambda session: say(session, who, text))

    assert title in in_words(answer)
    assert seen in in_words(answer)
    assert len(answer.files) == 1


@pytest.mark.parametrize("text", ["目标地图 火星", "目标地图 KR99", "目标地图 O8"])
async def test_what_is_not_there(company: Database, text: str) -> None:
    answer = await company.transact(lambda session: say(session, "李四", text))

    assert "没找到" in words(answer)
    assert answer.files == ()


async def test_what_may_not_be_seen_is_left_out_and_the_way_through_it_is_locked(company: Database) -> None:
    async def work(session: Session) -> tuple[str, str]:
        await session.run("UPDATE objectives SET state = 'pending' WHERE id IN (3, 7)")
        await session.run("UPDATE objectives SET visibility = '上下级' WHERE id = 6")
        return (
            in_words(await say(session, "张三", "目标地图", group=True)),
            in_words(await say(session, "张三", "目标地图")),
        )

    group, private = await company.transact(work)
    assert "O6" not in group
    for told in (group, private):
        assert "O7" not in told
        assert "O3" not in told


async def test_a_large_company_is_folded_and_ones_own_way_is_there(company: Database) -> None:
    """Two hundred objectives below one key result, and 李四's below the last of them."""

    async def work(session: Session) -> tuple[int, str, str]:
        top, (hub, *_) = await goal(session, "E0001", "1")
        last = 0
        for _ in range(250):
            below, (last, *_) = await goal(session, "E0003", "1")
            await alignments.align(session, alignments.objective(below), hub, at=NOW)
        (old,) = await alignments.parents_of(session, alignments.objective(4))
        await alignments.end(session, old, at=NOW)
        await alignments.align(session, alignments.objective(4), last, at=NOW)
        asked = await asking(session, "李四", "目标地图")
        own = await objectives.by_ids(session, [4])
        tops, ways = await goal_tree.tops_above(asked, own)
        assert tops == [top]
        forest = await goal_tree.grown(asked, await objectives.by_ids(session, tops), ways)
        node = (await goal_tree.grower(asked, forest)).objective(top, set())
        assert node is not None
        folded = sum(one.folded for _, one in walk(node))
        assert size(node) + folded >= 250
        return size(node), in_words(await say(session, "李四", "目标地图")), f"KR{last}"

    count, told, way = await company.transact(work)
    assert count <= goal_tree.MOST_GOALS + 300
    assert "O4 提升门店季度业绩" in told
    assert way in told
    assert "还有" in told
    assert len(told.splitlines()) <= 12


async def test_what_is_left_out_is_one_tap_away(company: Database) -> None:
    async def work(session: Session) -> tuple[list[str], str]:
        answer = await say(session, "李四", "目标地图")
        assert answer.card is not None
        says = [button.say for button in answer.card.face.buttons]
        return says, in_words(await say(session, "李四", says[0]))

    says, unfolded = await company.transact(work)
    assert says == ["目标地图 KR8", "我的目标"]
    assert "目标地图 · KR8:4 个目标" in unfolded
    assert "KR12" in unfolded
