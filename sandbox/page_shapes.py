"""What the page is told, as JSON: each function gives one shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.activity import Line
from sandbox.cast import CastMember
from sandbox.office import BOT_NAME, DINGTALK, WECOM, Chat, Office, account
from sandbox.transcript import BOT, Bubble, Pressable

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADQUARTERS = "总部"
OUTSIDE = "外面的人"


def moment(at: datetime) -> str:
    """ISO 8601 with the offset of Shanghai, to the millisecond."""
    return at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


def whole_state(office: Office, me: CastMember) -> dict[str, Any]:
    """`{me, now, cast, chats, bubbles, activity}`: everything that one person's two phones show."""
    chats = office.chats(me)
    return {
        "me": me.number,
        "now": moment(office.clock.now()),
        "cast": [person_shape(person) for person in office.cast],
        "chats": [chat_shape(office.cast, chat) for chat in chats],
        "bubbles": [
            bubble_shape(office, chat, bubble, me)
            for chat in chats
            for bubble in office.transcripts[chat.platform].of(chat.id)
        ],
        "activity": [line_shape(line) for line in office.activity.lines],
    }


def person_shape(person: CastMember) -> dict[str, Any]:
    """`{id, name, position, place, circle, platforms}`; `circle` is the heading in the list of people."""
    circle = person.store or (f"{person.region}区" if person.region else HEADQUARTERS)
    return {
        "id": person.number,
        "name": person.name,
        "position": person.position,
        "place": person.department.rpartition("/")[2],
        "circle": circle if person.department else OUTSIDE,
        "platforms": [platform for platform in (DINGTALK, WECOM) if account(person, platform)],
    }


def chat_shape(cast: Sequence[CastMember], chat: Chat) -> dict[str, Any]:
    """`{id, platform, title, via, group, members: [{id, name}]}`; the members' ids are the platform's."""
    names = {account(person, chat.platform): person.name for person in cast}
    return {
        "id": chat.id,
        "platform": chat.platform,
        "title": chat.title,
        "via": chat.via,
        "group": chat.group,
        "members": [{"id": user, "name": names.get(user, user)} for user in chat.members],
    }


def bubble_shape(office: Office, chat: Chat, bubble: Bubble, me: CastMember) -> dict[str, Any]:
    """A bubble as this person sees it; `chat` is its conversation, `quoted` what it quotes, if anything.

    `attached` are the pictures and files that it is or has beside its words: `{id, name, bytes, picture}`.
    """
    seen = bubble.seen_by(account(me, chat.platform))
    return {
        "id": bubble.id,
        "platform": bubble.platform,
        "chat": bubble.conversation_id,
        "author": _name(office, bubble),
        "bot": bubble.author == BOT,
        "mine": bubble.author == account(me, chat.platform),
        "at": moment(bubble.at),
        "kind": seen.kind,
        "text": seen.text,
        "title": seen.title,
        "content": seen.content,
        "buttons": [_button(button) for button in seen.buttons],
        "attached": _attached(office, seen),
        "quoted": _quoted(office, bubble),
        "edited": seen.edited or bubble.edited,
    }


def line_shape(line: Line) -> dict[str, Any]:
    """`{number, at, deed, text}`"""
    return {"number": line.number, "at": moment(line.at), "deed": line.deed.value, "text": line.text}


def _attached(office: Office, bubble: Bubble) -> list[dict[str, Any]]:
    content = bubble.content
    beside = content.get("pictures", [])
    named = [content[name] for name in ("media_id", "mediaId", "photoURL") if name in content]
    ids = [str(one) for one in (*named, *(beside if isinstance(beside, list) else ()))]
    return [
        {"id": found.id, "name": found.name, "bytes": len(found.content), "picture": found.kind == "image"}
        for media_id in ids
        if (found := office.upload(bubble.platform, media_id)) is not None
    ]


def _button(button: Pressable) -> dict[str, str]:
    return {"label": button.label, "style": button.style, "says": button.says, "url": button.url}


def _name(office: Office, bubble: Bubble) -> str:
    if bubble.author == BOT:
        return BOT_NAME
    names = {account(person, bubble.platform): person.name for person in office.cast}
    return names.get(bubble.author, bubble.author)


def _quoted(office: Office, bubble: Bubble) -> dict[str, str] | None:
    """`{author, text}` of the quoted bubble; None where nothing is quoted, or nothing that stands here."""
    for quoted in office.transcripts[bubble.platform].bubbles if bubble.quotes else ():
        if quoted.id == bubble.quotes:
            return {
                "author": _name(office, quoted),
                "text": quoted.title or quoted.text or "[图片]",
            }
    return None
