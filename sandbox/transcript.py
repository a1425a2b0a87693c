"""What stands in the chats of the make-believe office, as a person would see it. The page draws it, tests read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

BOT = "bot"


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button as it stands on a shown card. `key` is what the platform sends back; `says` the text that a
    `dtmd` button sends as the person; `url` what a link button opens.
    """

    label: str
    key: str = ""
    style: str = "plain"
    says: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message in one chat.

    `kind`: text, markdown, action_card, card (DingTalk interactive), template_card (WeCom), image, voice, file.
    `content` is the payload as the platform would draw it (its own field names). `faces` holds what single
    members see where that differs from everybody (WeCom's passive card update), by user id.
    """

    id: str
    platform: str
    conversation_id: str
    author: str
    at: datetime
    kind: str
    text: str = ""
    title: str = ""
    content: dict[str, object] = field(default_factory=dict)
    buttons: tuple[Pressable, ...] = ()
    mentions: tuple[str, ...] = ()
    quotes: str = ""
    card_ref: str = ""
    """The reference by which it is pressed and updated: DingTalk outTrackId, WeCom task_id."""
    faces: dict[str, Bubble] = field(default_factory=dict)
    edited: bool = False

    def seen_by(self, user_id: str) -> Bubble:
        return self.faces.get(user_id, self)


class Transcript:
    """All bubbles of one platform in the order they appeared. Listeners are called with each new or changed one."""

    def __init__(self) -> None:
        self.bubbles: list[Bubble] = []
        self._listeners: list[Callable[[Bubble], None]] = []

    def listen(self, listener: Callable[[Bubble], None]) -> Callable[[], None]:
        """Call `listener` from now on; returns the function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, bubble: Bubble) -> Bubble:
        self.bubbles.append(bubble)
        self._tell(bubble)
        return bubble

    def change(self, bubble_id: str, **changes: object) -> Bubble:
        """Replace fields of a bubble in its place. Raises KeyError where there is none."""
        for index, bubble in enumerate(self.bubbles):
            if bubble.id == bubble_id:
                self.bubbles[index] = changed = replace(bubble, edited=True, **changes)  # type: ignore[arg-type]
                self._tell(changed)
                return changed
        raise KeyError(bubble_id)

    def of(self, conversation_id: str) -> list[Bubble]:
        return [bubble for bubble in self.bubbles if bubble.conversation_id == conversation_id]

    def by_ref(self, card_ref: str) -> Bubble:
        """The newest card with this reference. Raises KeyError where there is none."""
        for bubble in reversed(self.bubbles):
            if bubble.card_ref == card_ref:
                return bubble
        raise KeyError(card_ref)

    def _tell(self, bubble: Bubble) -> None:
        for listener in list(self._listeners):
            listener(bubble)
