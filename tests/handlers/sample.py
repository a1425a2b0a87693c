"""The sample company, asked without any platform: what a person says, and the answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cards import notices
from chat.answers import Answer
from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from handlers.asking import Asking, Misunderstood
from handlers.examples import made_up
from handlers.routing import Routing
from okr.policy import Policy
from okr.refusals import Refusal
from storage import people
from storage.session import Session

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""
NUMBERS = {
    "陈总": "E0001", "林晓": "E0002", "周敏": "E0003", "王店": "E0101", "李四": "E0102", "张三": "E0103", "赵店": "E0201",
    "吴越": "E0202",
}  # fmt: skip
ROUTING = Routing()


async def asking(session: Session, who: str, text: str, *, at: datetime = NOW, group: bool = False) -> Asking:
    """A request as it reaches a handler."""
    person = await people.by_number(session, NUMBERS[who])
    assert person is not None
    kind = ChatKind.GROUP if group else ChatKind.PRIVATE
    where = Conversation(PlatformName.DINGTALK, f"chat-{who}", kind)
    event = Message(
        event_id=f"e:{who}:{text}:{at.isoformat()}",
        at=at,
        sender=Account(PlatformName.DINGTALK, f"dt-{person.number}"),
        conversation=where,
        text=text,
    )
    return Asking(event, person, session, Policy(), at, text=text)


async def say(session: Session, who: str, text: str, *, after: int = 0, group: bool = False) -> Answer:
    """What somebody is answered; `after` so many minutes. A refusal is an answer, too."""
    asked = await asking(session, who, text, at=NOW + timedelta(minutes=after), group=group)
    try:
        return await ROUTING.answer(asked)
    except Misunderstood as puzzled:
        return Answer(card=puzzled.card)
    except Refusal as refusal:
        return Answer(card=notices.refusal(refusal.code, mine="KR8", eg=made_up(NOW.date()), **refusal.facts))


def words(answer: Answer) -> str:
    """All that a person reads of an answer."""
    assert answer.card is not None
    face = answer.card.face
    return "\n".join([face.title, *face.lines, face.hint, *(button.label for button in face.buttons)])
