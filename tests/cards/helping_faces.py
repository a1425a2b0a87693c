"""The cards of helping each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cards.advice import advice_card
from cards.blocker import blocked_told_card, blocker_card
from cards.collab_blocked import group_card, late_card, stuck_card, unanswered_card
from cards.help_request import Plea, asked_card, help_card, step_card
from cards.progress_warning import warning_card
from chat.card import Card
from okr.advice import everything
from okr.collaboration import HelpKind, HelpRequest, HelpState
from okr.experts import Record, best
from okr.people import Person
from okr.scoring import Cause
from okr.status import judge_objective
from tests.cards.faces import LI, NOW, POLICY, every_kind
from tests.okr.goals import TODAY, objective

WU = Person(8, "E0202", "吴越", "总部/华东区/滨江店", "销售顾问")


def cards() -> Iterator[tuple[str, Card]]:
    yield from _helped()
    yield from _stuck()


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
