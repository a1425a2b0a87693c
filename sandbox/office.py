"""The make-believe office as the page sees it: people, their chats, a clock, and what the bot did last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sandbox.activity import Activity, Deed
from sandbox.cast import CAST, GROUP_DINGTALK, GROUP_WECOM, OUTSIDER_DINGTALK, OUTSIDER_WECOM, CastMember
from sandbox.clock import WoundClock
from sandbox.phones import DingTalkPhones, Pressed, WeComPhones
from sandbox.transcript import BOT, Bubble, Transcript
from sandbox.uploads import Upload

DINGTALK = "dingtalk"
WECOM = "wecom"
PLATFORM_NAMES = {DINGTALK: "钉钉", WECOM: "企业微信"}
BOT_NAME = "OKR助手"

VISITOR = CastMember(
    "X0001", "陌生人", "", "花名册里没有的人", "", "", "", "", OUTSIDER_DINGTALK, OUTSIDER_WECOM, "钉钉"
)
"""The outsider, with an account on both platforms and no line in the staff file."""

_PREVIEW = 40
_NAMELESS = {"image": "[图片]", "voice": "[语音]", "file": "[文件]", "video": "[视频]"}


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat. `id` is the transcript's conversation id, `members` user ids without the bot.

    `via` tells WeCom's two private chats apart: the self-built app's and the robot's.
    """

    platform: str
    id: str
    title: str
    members: tuple[str, ...]
    via: Literal["", "app", "robot"] = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody sends. `mentions` are user ids, `quotes` a bubble's id; a voice's `text` is its words."""

    text: str
    kind: str = "text"
    mentions: tuple[str, ...] = ()
    at_bot: bool = True
    quotes: str | None = None
    content: bytes = b""
    """Of a file, whose name is the text."""


class Office(Protocol):
    """What the page needs. `transcripts` is by platform."""

    @property
    def clock(self) -> WoundClock: ...
    @property
    def cast(self) -> Sequence[CastMember]: ...
    @property
    def transcripts(self) -> Mapping[str, Transcript]: ...
    @property
    def activity(self) -> Activity: ...
    def chats(self, person: CastMember) -> Sequence[Chat]: ...
    def upload(self, platform: str, media_id: str) -> Upload | None: ...
    async def say(self, person: CastMember, chat: Chat, said: Utterance) -> Bubble: ...
    async def press(self, person: CastMember, chat: Chat, bubble_id: str, label: str) -> Pressed: ...
    async def open(self, person: CastMember, chat: Chat) -> None: ...
    async def wind_to(self, moment: datetime) -> None: ...


def account(person: CastMember, platform: str) -> str:
    """The person's user id there, empty where they have none."""
    return person.dingtalk_id if platform == DINGTALK else person.wecom_id


def sample_groups(cast: Sequence[CastMember] = CAST) -> tuple[Chat, ...]:
    """One group on each platform: the people of a store, and their region's manager."""

    def of_store(platform: str, known: tuple[str, str], store: str) -> Chat:
        regions = {person.region for person in cast if person.store == store}
        members = tuple(
            user
            for person in cast
            if (person.store == store or (person.region in regions and not person.store))
            and (user := account(person, platform))
        )
        chat_id, title = known
        return Chat(platform, chat_id, title, members, via="robot" if platform == WECOM else "", group=True)

    return (of_store(DINGTALK, GROUP_DINGTALK, "西湖店"), of_store(WECOM, GROUP_WECOM, "滨江店"))


class MakeBelieveOffice:
    """Both platforms, already started, the clock they share, and the people in front of them.

    `wound`, where it is given, is awaited after each winding: the bot runs what fell due.
    """

    def __init__(
        self,
        dingtalk: DingTalkPhones,
        wecom: WeComPhones,
        clock: WoundClock,
        *,
        cast: Sequence[CastMember] = (*CAST, VISITOR),
        groups: Sequence[Chat] | None = None,
        wound: Callable[[datetime], Awaitable[None]] | None = None,
    ) -> None:
        self.clock = clock
        self.cast = tuple(cast)
        self.groups = tuple(sample_groups(cast) if groups is None else groups)
        self.activity = Activity()
        self.transcripts = {DINGTALK: dingtalk.transcript, WECOM: wecom.transcript}
        self._dingtalk = dingtalk
        self._wecom = wecom
        self._wound = wound
        self._seen: set[tuple[str, str]] = set()
        for transcript in self.transcripts.values():
            transcript.listen(self._note)

    def chats(self, person: CastMember) -> tuple[Chat, ...]:
        return tuple(self._chats(person))

    def upload(self, platform: str, media_id: str) -> Upload | None:
        """What the bot has given to a platform under this id."""
        phones = self._dingtalk if platform == DINGTALK else self._wecom
        return phones.upload(media_id)

    async def say(self, person: CastMember, chat: Chat, said: Utterance) -> Bubble:
        user = account(person, chat.platform)
        group = chat.id if chat.group else None
        spoken = said.text if said.kind == "voice" else ""
        if chat.platform == DINGTALK:
            return await self._dingtalk.say(
                user,
                said.text,
                group=group,
                mentions=said.mentions,
                at_bot=said.at_bot,
                quotes=said.quotes,
                kind=said.kind,
                voice_text=spoken,
                content=said.content,
            )
        return await self._wecom.say(
            user,
            said.text,
            group=group,
            via="robot" if chat.via == "robot" else "app",
            at_bot=said.at_bot,
            quotes=said.quotes,
            kind=said.kind,
            voice_text=spoken,
            content=said.content,
        )

    async def press(self, person: CastMember, chat: Chat, bubble_id: str, label: str) -> Pressed:
        """Raises KeyError where this person sees no such bubble or button."""
        phones = self._dingtalk if chat.platform == DINGTALK else self._wecom
        pressed = await phones.press(account(person, chat.platform), bubble_id, label)
        if not pressed.acked:
            self.activity.note(self.clock.now(), Deed.MISSED, f"{person.name}按了「{label}」,机器人没有接住")
        return pressed

    async def open(self, person: CastMember, chat: Chat) -> None:
        """DingTalk does not tell a bot that its chat was opened, and a group is always open."""
        if chat.platform == WECOM and not chat.group:
            await self._wecom.open_chat(person.wecom_id, "robot" if chat.via == "robot" else "app")

    async def wind_to(self, moment: datetime) -> None:
        self.clock.set(moment)
        self.activity.note(moment, Deed.WOUND, "拨了钟")
        if self._wound is not None:
            await self._wound(moment)

    def _chats(self, person: CastMember) -> Iterator[Chat]:
        if user := person.dingtalk_id:
            yield Chat(DINGTALK, self._dingtalk.private_id(user), BOT_NAME, (user,))
        if user := person.wecom_id:
            yield Chat(WECOM, self._wecom.private_id(user, "app"), BOT_NAME, (user,), via="app")
            yield Chat(WECOM, self._wecom.private_id(user, "robot"), BOT_NAME, (user,), via="robot")
        yield from (group for group in self.groups if account(person, group.platform) in group.members)

    def _note(self, bubble: Bubble) -> None:
        """A line for what was heard, said or redrawn."""
        key = (bubble.platform, bubble.id)
        where = f"{self._whose(bubble)} · {PLATFORM_NAMES[bubble.platform]}"
        words = bubble.title or bubble.text.strip() or _NAMELESS.get(bubble.kind, "[消息]")
        preview = words.splitlines()[0].replace("**", "").lstrip("# ")
        deed = Deed.HEARD if bubble.author != BOT else Deed.REDREW if key in self._seen else Deed.SAID
        self._seen.add(key)
        self.activity.note(self.clock.now(), deed, f"{where}:{preview[:_PREVIEW]}")

    def _whose(self, bubble: Bubble) -> str:
        for group in self.groups:
            if (group.platform, group.id) == (bubble.platform, bubble.conversation_id):
                return group.title
        for person in self.cast:
            if any(chat.id == bubble.conversation_id for chat in self._chats(person)):
                return person.name
        return bubble.conversation_id
