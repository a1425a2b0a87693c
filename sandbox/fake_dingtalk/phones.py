"""The people's side: what they write, say and press on their phones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.fake_dingtalk import speech
from sandbox.fake_dingtalk.pushes import NOTHING, PressResult, Pushes
from sandbox.fake_dingtalk.speech import Said
from sandbox.fake_dingtalk.world import Group, World
from sandbox.transcript import Bubble, Pressable


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody sends. Of a voice the bot gets `voice_text`, or else `text`, as recognised.

    `mentions` are user ids, `quotes` a bubble's id, `content` what is in a file called `text`.
    `kind`: text, richText, voice, picture, file, video.
    """

    text: str = ""
    mentions: Sequence[str] = ()
    at_bot: bool = True
    quotes: str | None = None
    kind: str = "text"
    voice_text: str = ""
    content: bytes = b""


class Phones:
    def __init__(self, world: World, pushes: Pushes) -> None:
        self._world = world
        self._pushes = pushes

    async def say(self, user_id: str, words: Words, group: str | None) -> tuple[Bubble, bool]:
        """What then stands in the chat, and whether the bot acknowledged it in time.

        In a group the bot hears only what mentions it. Raises KeyError for an unknown person, group or
        bubble, and for somebody who is not in the group.
        """
        person = self._world.people[user_id]
        place = self._joined(user_id, group) if group is not None else None
        quoted = self._world.bubble(words.quotes) if words.quotes else None
        mentioned = [self._world.people[one] for one in words.mentions] if place else []
        at_bot = words.at_bot and place is not None and place.has_bot
        typed = speech.typed(self._world, words.voice_text or words.text, mentioned, at_bot=at_bot)
        bubble = self._world.shown(
            group or self._world.private_id(user_id),
            user_id,
            kind=speech.SHOWN.get(words.kind, words.kind),
            text=typed,
            mentions=tuple(words.mentions),
            quotes=words.quotes or "",
        )
        kind = speech.KINDS.get(words.kind, words.kind)
        if place is not None and (not at_bot or kind in speech.NOT_IN_GROUPS):
            return bubble, False
        said = Said(person, typed, kind, place, mentioned, quoted, words.content)
        return bubble, await self._pushes.message(said, bubble.id)

    async def press(self, user_id: str, bubble_id: str, label: str) -> PressResult:
        """Press a button of any kind. Raises KeyError where this person sees no such bubble or button.

        One with a dtmd address sends its text as the person; in a group that text mentions nobody, so that
        the bot hears nothing of it. Other addresses open outside.
        """
        bubble = self._world.bubble(bubble_id)
        place = self._world.groups.get(bubble.conversation_id)
        if place is not None:
            self._joined(user_id, place.conversation_id)
        elif bubble.conversation_id != self._world.private_id(user_id):
            raise KeyError(bubble_id)
        button = _button(bubble.seen_by(user_id), label)
        if button.key:
            return await self._pushes.press(user_id, bubble, label)
        if not button.says:
            return NOTHING
        started = time.monotonic()
        words = Words(button.says, at_bot=False)
        _, acked = await self.say(user_id, words, place.conversation_id if place else None)
        return PressResult(acked, updated=False, seconds=time.monotonic() - started)

    def _joined(self, user_id: str, group: str) -> Group:
        place = self._world.groups[group]
        if user_id not in place.members:
            raise KeyError(user_id)
        return place


def _button(shown: Bubble, label: str) -> Pressable:
    for button in shown.buttons:
        if button.label == label:
            return button
    raise KeyError(label)
