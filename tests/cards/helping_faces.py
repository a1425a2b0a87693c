"""The cards of helping each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cards.advice import advice_card
from cards.blocker import blocked_told_card, blocker_card
from cards.collab_blocked import group_card, late_card, stuck_card, unanswered_card
from cards.followed import Changed, Turn, digest_card, follows_card
from cards.goal import key_result_card
from cards.help_request import Plea, asked_card, help_card, step_card
from cards.notices import notice
from cards.progress_warning import warning_card
from cards.reactions import commented_card, liked_card, reacted_card
from chat.card import Card
from okr.advice import everything
from okr.collaboration import HelpKind, HelpRequest, HelpState
from okr.experts import Record, best
from okr.objectives import Status
from okr.people import Person
from okr.scoring import Cause
from okr.status import judge_objective
from tests.cards.faces import LI, NOW, POLICY, every_kind
from tests.okr.goals import TODAY, objective

WU = Person(8, "E0202", "吴越", "总部/华东区/滨江店", "销售顾问")


def cards() -> Iterator[tuple[str, Card]]:
    yield from _helped()
    yield from _stuck()
    yield from _reactions()
    yield from _followed()


def _helped() -> Iterator[tuple[str, Card]]:
    kr = every_kind()[0]
    people = {"asker": WU, "asked": LI, "other": replace(LI, id=9)}
    for state in HelpState:
        request = HelpRequest(
            3, kr.id, WU.id, LI.id, "需要上周的客流数据", NOW, due=TODAY, state=state, answer="这两天走不开"
        )
        plea = Plea(request, kr, WU, LI, "70% 该到 58% 🟢", TODAY, replace(request, id=4), LI)
        for role, reader in people.items():
            yield f"help, {state}, {role}", help_card(plea, reader, news="张三:你更熟")
    for new in (True, False):
        yield f"asked, {new}", asked_card(plea, new=new, reach="李四现在不在班,明天 08:00 送到")
    for step in (
        "accepted",
        "declined",
        "passed_on",
        "done",
        "withdrawn",
        "asked_anew",
        "resolved",
        "expired",
    ):
        yield f"step, {step}", step_card(plea, step, by="李四", words="周四给你", to="王五")


def _stuck() -> Iterator[tuple[str, Card]]:
    kr = every_kind()[0]
    records = (
        Record(WU, ("陈列", "生鲜"), 3, True, Decimal(1), "客流量", 0, 5, 5),
        Record(LI, (), 0, True, Decimal(1), "损耗率", 3, own_team=True),
        Record(replace(LI, id=7, name="王店", store=""), (), 1, False, Decimal(1), "销售额", 0),
    )
    for state in (HelpState.WAITING, HelpState.DONE):
        for step in ("", "下午给备用供应商打电话"):
            request = HelpRequest(
                3, kr.id, WU.id, None, "供应商断货", NOW, HelpKind.BLOCKER, state=state, next_step=step
            )
            plea = Plea(request, kr, WU, None, "70% 该到 58% 🟢", TODAY)
            for count in (0, 1, 3):
                for own in (True, False):
                    card = blocker_card(
                        plea,
                        best(records)[:count],
                        invited=["赵店(在等)", "周敏(帮不上)"] if step else [],
                        own=own,
                        new=not step,
                        told="李四" if own else "",
                    )
                    yield f"blocker, {state}, {step}, {count}, {own}", card
    yield "blocked, to the owner", blocked_told_card(plea)
    asked = Plea(replace(request, due=TODAY), kr, WU, LI, "70% 该到 58% 🟢", TODAY)
    for reader in ("asked", "asker", "manager"):
        for count in (0, 2):
            card = unanswered_card(asked, reader, 49, 48, experts=best(records)[:count])
            yield f"unanswered, {reader}, {count}", card
            yield f"late, {reader}, {count}", late_card(asked, reader, experts=best(records)[:count])
    for reader in ("own", "coordinator", "sponsor"):
        yield f"stuck, {reader}", stuck_card(plea, reader, 21, 20, experts=best(records))
    yield "asked in a group", group_card(asked)
    goal = objective(*every_kind())
    verdicts = judge_objective(goal, TODAY, POLICY).verdicts
    for one in goal.key_results:
        verdict, advice = verdicts[one.id], everything(one, 30, 25, Cause.PEOPLE)
        for count in (0, 3):
            yield (
                f"advice, {one.title}, {count}",
                advice_card(one, verdict, advice, best(records)[:count], "人手不够"),
            )
        yield (
            f"warning with experts, {one.title}",
            warning_card(
                one,
                verdict,
                forecast=None,
                days=38,
                advice=advice[:2],
                threshold=10,
                level=1,
                experts=best(records),
            ),
        )


def _reactions() -> Iterator[tuple[str, Card]]:
    for words in ("", "干得漂亮"):
        yield f"liked, {words}", liked_card("KR34", "生鲜区客流量", "吴越", words, 3)
        for what in ("like", "again", "comment"):
            yield (
                f"reacted, {what}, {words}",
                reacted_card(
                    "KR34",
                    "生鲜区客流量",
                    what=what,
                    owner="李四",
                    words=words,
                    likes=3,
                    comments=["张三:好"],
                ),
            )
    yield "commented", commented_card("KR34", "生鲜区客流量", "吴越", "周末那场试吃很管用")
    owed = ["KR8 生鲜区客流量 上次报是11月3日", "X3 王店请你帮忙:要客流数据"]
    yield "urging", notice("urging", by="王店", owed=owed, label="报 KR8", say="更新 KR8")
    for again in (True, False):
        yield f"urged, {again}", notice("urged", name="李四", again=again, owed=owed)
    yield "urged later", notice("urge_later", name="李四", when="李四现在不在班,明天 08:00 送到", owed=owed)
    goal = objective(*every_kind())
    for own in (True, False):
        for one in goal.key_results[:2]:
            card = key_result_card(
                goal,
                one,
                LI,
                can_report=True,
                now=NOW,
                policy=POLICY,
                pending=["R8 李四想改目标值", "R9 李四想改截止"],
                together=["🚧 X3 卡着:供应商断货", "👍 3 · 💬 2 · 吴越:好"],
                own=own,
            )
            yield f"key result together, {own}, {one.title}", card


def _followed() -> Iterator[tuple[str, Card]]:
    kr = every_kind()[0]
    turns = [Turn(kr, LI, Status.ACHIEVED), Turn(kr, WU, Status.BEHIND), Turn(kr, WU, Status.ON_TRACK)]
    changed = Changed("KR34", "生鲜区客流量", "修改", "target", "王店")
    targets = ["O12", "KR34", "华东区", "KR40"]
    for group in (True, False):
        for count in (1, 4):
            yield (
                f"followed, {group}, {count}",
                digest_card(turns * count, [changed] * count, targets, group=group),
            )
        yield f"followed, only agreed, {group}", digest_card([], [changed], targets[:1], group=group)
        for what in ("followed", "already", "ended", "never", ""):
            yield f"follows, {group}, {what}", follows_card(targets, group=group, what=what, target="O12")
        yield f"follows nothing, {group}", follows_card([], group=group)
    yield "not in a group", notice("follow_elsewhere", ref="KR34")
