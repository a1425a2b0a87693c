"""Shares and association over what is stored: the chain of docs/rules/shares.md, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from handlers import contribution
from okr.numbers import say_part
from okr.objectives import Kind, Measure
from okr.people import Person
from storage import alignments, cycles, objectives, people
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.handlers.sample import NOW, asking, say, words

COUNTED = Measure(Kind.NUMBER, "个", start=Decimal(0), target=Decimal(10))


async def goal(session: Session, owner: str, *weights: str) -> tuple[int, list[int]]:
    """An objective in force with key results of these weights: its id and theirs."""
    person = await people.by_number(session, owner)
    assert isinstance(person, Person)
    cycle = await cycles.running(session, NOW.date())
    drafts = [Draft(f"结果{n}", COUNTED, Decimal(weight)) for n, weight in enumerate(weights)]
    objective_id = await objectives.create(session, person.id, cycle, "目标", drafts, None, NOW)
    await objectives.activate(session, objective_id, NOW)
    whole = await objectives.by_id(session, objective_id)
    assert whole is not None
    return objective_id, [kr.id for kr in whole.key_results]


async def supports(session: Session, child: int, parent: int, weight: str, *, rolls: bool = True) -> None:
    await alignments.align(
        session, alignments.objective(child), parent, at=NOW, weight=Decimal(weight), rolls=rolls
    )


async def chain(session: Session) -> int:
    """李四's key result as in docs/rules/shares.md: a quarter of its objective, which is 48% of the store's, and so on."""
    top, (company, _) = await goal(session, "E0001", "1", "2")
    middle, (region, _) = await goal(session, "E0003", "1", "1")
    store, (sales, _) = await goal(session, "E0101", "1", "1")
    mine, (own, *_) = await goal(session, "E0102", "1", "3")
    others = [(await goal(session, "E0103", "1"))[0] for _ in range(3)]
    await supports(session, mine, sales, "48")
    await supports(session, others[0], sales, "52")
    await supports(session, store, region, "20")
    await supports(session, others[1], region, "80")
    await supports(session, middle, company, "1")
    await supports(session, others[2], company, "9", rolls=False)
    assert top
    return own


async def test_my_share_is_the_product_of_the_weights_on_the_way(company: Database) -> None:
    async def work(session: Session) -> tuple[Sequence[str], str]:
        own = await chain(session)
        asked = await asking(session, "李四", "为什么")
        whole = await objectives.with_key_result(session, own)
        assert whole is not None
        kr = next(kr for kr in whole.key_results if kr.id == own)
        met = await contribution.above(asked, whole, kr)
        return [f"{one.owner.name} {say_part(one.share)}" for one in met], words(
            await say(session, "李四", f"为什么 KR{own}")
        )

    shares, told = await company.transact(work)
    assert shares == ["王店 12%", "周敏 1.2%", "陈总 0.6%", "陈总 0.2%"]
    assert "**你占 KR" in told
    assert "的 12%,占公司 KR" in told
    assert "的 0.6%**" in told


async def test_what_is_only_shown_has_no_share(company: Database) -> None:
    async def work(session: Session) -> str:
        await say(session, "李四", "对齐 O4 KR5 不汇总")
        return words(await say(session, "李四", "为什么 KR8"))

    told = await company.transact(work)
    assert "↑ 支撑 KR5 西湖店销售额" in told
    assert "占 KR5" not in told
    assert "占公司" not in told


async def test_a_hidden_goal_above_is_only_known_to_be_there(company: Database) -> None:
    async def work(session: Session) -> tuple[str, str]:
        await session.run("UPDATE objectives SET state = 'draft' WHERE id = 2")
        return (
            words(await say(session, "李四", "为什么 KR8")),
            words(await say(session, "李四", "关联度 O3")),
        )

    why, close = await company.transact(work)
    assert "↑ 支撑 KR3 🔒 不公开 · 周敏" in why
    assert "↑ KR3 🔒 不公开 · 周敏" in close


async def test_an_orphan_is_told_what_to_do(company: Database) -> None:
    async def work(session: Session) -> str:
        await say(session, "李四", "取消对齐 O4 KR5")
        return words(await say(session, "李四", "关联度 O4"))

    told = await company.transact(work)
    assert "O4「提升门店季度业绩」 关联度 0 分,还没支撑谁" in told


async def test_a_skipped_level_costs_points(company: Database) -> None:
    async def work(session: Session) -> tuple[str, str]:
        near = words(await say(session, "李四", "关联度 O4"))
        await say(session, "李四", "对齐 O4 换成 KR3")
        return near, words(await say(session, "李四", "关联度 O4"))

    near, far = await company.transact(work)
    assert "不跳级 20/20" in near
    assert "不跳级 0/20" in far
