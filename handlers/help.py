"""帮助: derived from the routes, so that it never tells of what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from cards.examples import Examples
from cards.notices import Choice
from cards.templating import render
from chat.answers import Answer
from handlers.asking import Asking, shown
from handlers.examples import examples_for
from handlers.goals import own_refs
from handlers.reading.near import nearest
from handlers.route import Role, Route, Routes
from storage import people


def help_route(routes: Sequence[Route]) -> Route:
    """The route of 帮助 over all the others."""
    table: list[Routes] = []

    async def answer(asking: Asking) -> Answer:
        if not table:
            table.append(Routes([*routes, own]))
        return await _help(asking, table[0])

    own = Route(
        words=("帮助", "菜单", "?", "help"),
        handle=answer,
        topic="其他",
        does="能说什么",
        examples=("帮助", "帮助 更新"),
    )
    return own


async def _help(asking: Asking, routes: Routes) -> Answer:
    if asking.rest:
        found = routes.match(asking.rest) or routes.match(
            "".join(nearest(asking.rest, routes.words, limit=1))
        )
        if found is not None:
            return _one(found.route, await examples_for(asking))
    kr, _ = await own_refs(asking)
    roles = await _roles(asking)
    return _all([route for route in routes.all if route.role in roles], kr)


def _one(route: Route, own: Examples) -> Answer:
    examples = [example.format(**asdict(own)) for example in route.examples]
    also = route.words[1:]
    lines = [line for example in examples for line in example.splitlines()]
    return shown(
        render(
            "help",
            title=f"{route.word}:{route.does}",
            lines=[*lines, *([f"也可以说:{'、'.join(also)}"] if also else [])],
            choices=[],
            hint="照着上面的样子发就行",
        )
    )


def _all(routes: Sequence[Route], kr: str) -> Answer:
    topics: dict[str, list[Route]] = {}
    for route in routes:
        topics.setdefault(route.topic, []).append(route)
    lines = [f"**{topic}** {' · '.join(route.word for route in group)}" for topic, group in topics.items()]
    return shown(
        render(
            "help",
            title="说一句就行,能做这些",
            lines=[*lines, f"报数最常用:更新 {kr} 1050,或者直接说「客流到1050了」"],
            choices=[
                Choice("我的目标", "我的目标"),
                Choice("怎么报数", "帮助 更新"),
                Choice("怎么写目标", "帮助 新建目标"),
            ],
            hint="想看哪个怎么用,发「帮助 更新」这样",
        )
    )


async def _roles(asking: Asking) -> set[Role]:
    roles = {Role.EVERYONE}
    if asking.asker.number in asking.policy.admins:
        roles |= {Role.ADMIN, Role.MANAGER}
    elif await people.leads_anybody(asking.session, asking.asker.id):
        roles.add(Role.MANAGER)
    return roles
