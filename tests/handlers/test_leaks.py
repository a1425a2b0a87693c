"""What an ordinary colleague of another store gets to read of a store's money: nothing, by whatever command."""

from __future__ import annotations

import re

import pytest

from chat.answers import Answer
from storage.database import Database
from storage.session import Session
from tests.handlers.sample import say

FIGURES = re.compile(
    "1310000|2400000|131万|240万|16800000|1680万|30000000|3000万|12000000|1200万|6700000|670万|760000|76万|320000|32万"
    "|2600000|260万|1920000|2210000"
)
"""What KR1, KR3 and KR5 start from, stand at and are to reach, and what KR5 is asked to become."""
READING = (
    "查看 KR5", "看 O3", "查看 @王店", "查看 E0101", "看 西湖店", "看 华东区", "历史 KR5", "历史 KR5 11月5日", "历史 KR5 11月20日",
    "为什么 KR5", "修改记录 KR5", "修改记录 O3", "目标地图", "目标地图 西湖店", "目标地图 KR5", "目标地图 @王店", "关联度 KR5",
    "关联度 O3", "目标来源 西湖店", "目标来源 @王店", "方向", "评分 O3", "评分 KR5", "分解 KR5 按门店", "建议 KR5 目标值 250万 理由 试试",
    "建议 KR5 目标值", "修改 KR5 目标值", "更新 KR5", "更新 KR5 完成", "更新 KR5 +1", "信心 KR5", "撤销 KR5", "说一句 KR5 好",
    "KR5完成80%", "更新 KR5 +900000", "把KR5改成100", "KR5目标太高,降到100行不", "查看 R1", "同意 R1", "共创 O3", "结转 O3", "对齐 O6 KR5",
    "汇总 KR5",
    "查看 KR1", "历史 KR1", "为什么 KR3", "查看 @陈总", "查看 @周敏", "我的目标", "我的待办",
)  # fmt: skip
STRANGERS_TO_IT = ("赵店", "吴越")
"""Of another store of the same region."""
THEIRS = ("王店", "张三", "周敏", "陈总", "林晓")
"""Its own store, its line, the headquarters."""


def everything(answer: Answer) -> str:
    """All that an answer brings to who asked: every face, the picture's drawing, and what a button says."""
    found: list[str] = []
    if answer.card is not None:
        for face in (answer.card.face, answer.card.wecom, answer.card.in_words):
            if face is not None:
                found += [face.title, face.subtitle, *(face.emphasis or ()), *face.lines, face.hint, face.why]
                found += [f"{fact.name} {fact.value}" for fact in face.facts]
                found += [f"{button.label} {button.say}" for button in face.buttons]
    found += [file.content.decode() for file in answer.files]
    return "\n".join(found)


def leaks(told: dict[str, str]) -> dict[str, str]:
    """The answers that name a figure, in whatever spelling; not counting the asker's own words."""
    bare = {words: text.replace(words, "").replace(",", "").replace(" ", "") for words, text in told.items()}
    return {words: told[words] for words, text in bare.items() if FIGURES.search(text)}


async def told_in_figures(session: Session) -> None:
    """The owner has written numbers wherever words may be written, and asks for a change."""
    await say(session, "王店", "更新 KR5 1310000 这周卖了131万")
    await say(session, "王店", "修改 KR5 目标值 260万 原因 上周已经131万了")


@pytest.mark.parametrize("group", [False, True], ids=["alone", "in a group"])
@pytest.mark.parametrize("who", STRANGERS_TO_IT)
async def test_no_command_tells_another_store(company: Database, who: str, group: bool) -> None:
    async def work(session: Session) -> dict[str, str]:
        await told_in_figures(session)
        return {words: everything(await say(session, who, words, group=group)) for words in READING}

    told = await company.transact(work)

    assert leaks(told) == {}
    assert "KR5" in told["查看 KR5"]
    assert "55%" in told["查看 KR5"]
    assert "金额不公开" in told["查看 KR5"]


@pytest.mark.parametrize("who", THEIRS)
async def test_its_own_people_read_it(company: Database, who: str) -> None:
    async def work(session: Session) -> list[str]:
        await told_in_figures(session)
        return [
            everything(await say(session, who, words))
            for words in ("查看 KR5", "历史 KR5", "为什么 KR5", "修改记录 KR5")
        ]

    assert all(
        "131 万元" in text or "131万" in text or "1,310,000" in text for text in await company.transact(work)
    )


@pytest.mark.parametrize("who", ["王店", "李四", "周敏", "陈总"])
async def test_in_a_group_nobody_brings_it_up(company: Database, who: str) -> None:
    """A group is read by whoever is in it."""

    async def work(session: Session) -> dict[str, str]:
        await told_in_figures(session)
        answers = {words: await say(session, who, words, group=True) for words in READING}
        assert {words for words, answer in answers.items() if answer.restricted} >= {
            "更新 KR5 完成",
            "KR5完成80%",
        } or who in ("李四", "陈总")
        return {words: everything(answer) for words, answer in answers.items() if not answer.restricted}

    told = await company.transact(work)

    assert leaks(told) == {}


async def test_who_reports_in_a_group_reads_the_percent(company: Database) -> None:
    answer = await company.transact(lambda session: say(session, "王店", "更新 KR5 1400000", group=True))

    assert answer.card is not None
    assert "55% → 58%" in answer.card.face.title


async def test_letters_to_who_supports_it_name_no_amount_to_another_store(company: Database) -> None:
    """周敏's turnover changes: 王店 and 赵店 hear that it has, not from what to what."""

    async def work(session: Session) -> dict[int | object, str]:
        await say(session, "周敏", "修改 KR3 目标值 1300万 原因 加了一家店")
        answer = await say(session, "陈总", "同意")
        return {letter.to: everything(Answer(letter.card)) for letter in answer.letters}

    told = await company.transact(work)

    assert len(told) > 3
    by_name = {to: text for to, text in told.items() if "1,300 万" in text or "1,200 万" in text}
    assert list(by_name) == [3], "only the owner himself, whose row id is 3"
