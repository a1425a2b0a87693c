"""目标来源 and 年度方向 by what people say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from storage.database import Database
from storage.session import Session
from tests.handlers.sample import say, words


async def talk(company: Database, *said: tuple[str, str]) -> str:
    """The last answer."""

    async def work(session: Session) -> str:
        for n, (who, text) in enumerate(said[:-1]):
            await say(session, who, text, after=n)
        return words(await say(session, *said[-1], after=len(said)))

    return await company.transact(work)


async def origins(
    company: Database, from_above: Sequence[int], who: str, text: str, *, group: bool = False
) -> str:
    async def work(session: Session) -> str:
        for kr_id in from_above:
            await session.run("UPDATE key_results SET origin = '自上而下' WHERE id = ?", kr_id)
        return words(await say(session, who, text, group=group))

    return await company.transact(work)


@pytest.mark.parametrize(
    ("from_above", "text", "told"),
    [
        ((), "目标来源", "李四 自上而下 0%,自下而上 100% 🟡 离 70/30 差 70 个百分点"),
        ((8, 9), "目标来源", "李四 自上而下 75%,自下而上 25% 🟢 在 70/30 里"),
        ((8, 9, 10), "目标来源 @李四", "李四 自上而下 100%,自下而上 0% 🟡 离 70/30 差 30 个百分点"),
        ((5, 6, 7, 8, 9), "目标来源 西湖店", "西湖店 自上而下 58%,自下而上 42% 🟡 离 70/30 差 12 个百分点"),
        ((), "目标来源 人力资源部", "人力资源部 2026Q4 还没有生效的目标"),
        ((), "目标来源 火星", "没找到「火星」"),
    ],
)
async def test_the_split_by_weight(
    company: Database, from_above: Sequence[int], text: str, told: str
) -> None:
    assert told in await origins(company, from_above, "李四", text)


async def test_how_it_was_counted_and_whose_is_off(company: Database) -> None:
    told = await origins(company, (5, 6, 7, 8, 9), "王店", "目标来源")

    assert "我的团队 自上而下 58%" in told
    assert "🟡 张三 自上而下 0% · 2 个 KR · 离 70/30 远了" in told
    assert "🟢 李四 自上而下 75% · 3 个 KR" in told
    assert "8 个 KR 按权重算,同一个人的几个目标一样重,每人一样重(3 人)" in told


async def test_in_a_group_nobody_is_singled_out(company: Database) -> None:
    told = await origins(company, (), "王店", "目标来源", group=True)

    assert "我的团队 自上而下 0%" in told
    assert "张三" not in told


NEW = ("陈总", "新建年度方向 做第一选择\nKR 会员数 最新值 从 10万 到 20万 人")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([("李四", "新建年度方向 试试")], "要带团队的人来做"),
        ([("李四", "新建目标 2026 试试\nKR 会员数 从 1 到 2 人")], "要带团队的人来做"),
        ([("陈总", "新建目标 2026 试试\nKR 会员数 从 1 到 2 人")], "草稿 O9「试试」"),
        ([("陈总", "新建年度方向")], "2026 年往哪儿走"),
        ([("李四", "方向")], "2026 年还没有定年度方向"),
        ([NEW, ("陈总", "提交 O9"), ("李四", "方向")], "O9 做第一选择 · 陈总"),
        ([NEW, ("李四", "方向 O4 O9")], "没找到 O9"),
        ([NEW, ("陈总", "提交 O9"), ("李四", "方向 O4 O9")], "O4「提升门店季度业绩」归到年度方向 O9"),
        ([NEW, ("陈总", "提交 O9"), ("李四", "方向 O3 O9")], "O3 是王店的"),
        ([NEW, ("陈总", "提交 O9"), ("陈总", "方向 O9 O9")], "自己就是年度方向"),
        ([("李四", "方向 O4 O3")], "不是年度方向"),
        ([("李四", "方向 O4 例外")], "要写一句原因"),
        ([("李四", "方向 O4 例外 临时的专项")], "标成了例外:临时的专项"),
        ([("李四", "方向 O4 随便")], "没看懂「随便」"),
        ([("李四", "方向 KR8")], "没看懂「KR8」"),
        ([("李四", "方向 O4")], "归哪个年度方向?"),
        ([("李四", "方向 O4 例外 专项"), ("李四", "方向 O4 取消")], "不再归任何年度方向"),
        (
            [NEW, ("陈总", "提交 O9"), ("陈总", "方向 O1 O9"), ("李四", "为什么 KR8")],
            "年度方向 O9「做第一选择」",
        ),
        ([("王店", "方向 O3 例外 装修"), ("李四", "为什么 KR8")], "年度方向 例外:装修"),
    ],
)
async def test_directions(company: Database, said: list[tuple[str, str]], told: str) -> None:
    assert told in await talk(company, *said)


DRAFT = ("张三", "新建目标 再快一点\nKR 排队长度 最新值 从 6 到 3 人")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ([DRAFT], True),
        ([DRAFT, ("张三", "方向 O9 例外 专项")], False),
        ([("陈总", "方向 O1 例外 试点"), (DRAFT[0], f"{DRAFT[1]}\n对齐 KR8")], False),
        ([(DRAFT[0], f"{DRAFT[1]}\n对齐 KR8")], True),
        ([NEW], False),
    ],
    ids=["none", "an exception", "from above", "above has none either", "an annual one"],
)
async def test_a_draft_is_told_that_its_direction_is_missing(
    company: Database, said: list[tuple[str, str]], missing: bool
) -> None:
    assert ("还没归到哪个年度方向" in await talk(company, *said)) is missing


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("KR 拉新 从 0 到 10 人 挑战", "权重 100% · 挑战"),
        ("KR 拉新 从 0 到 10 人 承诺", "权重 100%"),
        ("KR 拉新 从 0 到 10 人 挑战 自上而下", "挑战 · 自上而下"),
        ("KR 拉新 从 0 到 10 人 权重 2 自上而下", "自上而下"),
        ("KR 挑战赛报名 从 0 到 10 人", "挑战赛报名 从 0 到 10 人 · 权重 100%"),
    ],
)
async def test_how_a_key_result_is_meant_stands_at_the_end_of_its_line(
    company: Database, line: str, told: str
) -> None:
    assert told in await talk(company, ("张三", f"新建目标 试试\n{line}"))


async def test_what_a_draft_wished_to_support_is_told_and_the_draft_is_made(company: Database) -> None:
    unknown = await talk(company, ("张三", f"{DRAFT[1]}\n对齐 KR99"))

    assert "草稿 O9「再快一点」" in unknown
    assert "没找到 KR99" in unknown
