"""The notice of a first contact: what is kept, how long, who sees it, in three lines under the answer."""

from __future__ import annotations

from dataclasses import replace

from cards.notices import notice
from chat.card import Card, Face
from chat.events import PlatformName
from okr.policy import Policy


def with_first_notice(card: Card, policy: Policy, platform: PlatformName) -> Card:
    """The card with the notice under it. WeCom's cards to press cut long words off: there it is shown as text, once."""
    years = round(policy.leaver_days / 365, 1) if policy.leaver_days else 0
    told = notice("first_contact", years=f"{years:g}" if years else "").face.lines

    def under(face: Face) -> Face:
        return replace(face, lines=(*face.lines, *told))

    return replace(
        card,
        face=under(card.face),
        wecom=under(card.wecom) if card.wecom else None,
        in_words=under(card.in_words) if card.in_words else None,
        live=card.live and platform is not PlatformName.WECOM,
    )
