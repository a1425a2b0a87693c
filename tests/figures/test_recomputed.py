"""The numbers of every report against the same numbers computed from the raw points, by nothing of the house's own."""

from __future__ import annotations

from itertools import product

from storage.database import Database
from tests.figures import elsewhere, of_goals, of_places
from tests.figures.by_hand import SPANS
from tests.figures.company import REGIONS, STORES, Company

RANKED = ("conversion", "sales", "basket")


async def test_every_report_says_what_the_raw_points_say(database: Database) -> None:
    company = Company(database, seed=1)
    await company.found()
    timely, late, again = company.lots()
    await company.deliver(timely)
    await of_goals.set_goals(company)
    before = list(company.raw.values())
    await company.deliver(late)
    await company.deliver(again)

    await of_goals.key_results(company)
    await of_goals.attained(company)
    await of_goals.day_targets(company, before)
    await of_goals.weekly(company)
    for place in (*STORES, *REGIONS, "集团"):
        await of_places.days(company, place)
    for turn, (kind, span) in enumerate(product(("个人", "门店", "区域"), SPANS)):
        await of_places.ranking(company, kind, RANKED[turn % 3], span)
    await of_places.side_by_side(company)
    await of_places.regions(company)
    for turn, (place, span) in enumerate(product(("集团", *REGIONS), SPANS)):
        await of_places.against(company, place, span, RANKED[turn % 3])
    await of_places.heat(company)
    await elsewhere.exported(company)
    await elsewhere.on_the_board(company)
