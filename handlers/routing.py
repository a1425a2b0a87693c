"""From what was said to who answers it.

A command word first, then a number that answers a question, then the words that a question awaits, then an
everyday sentence, and at last the nearest commands. Never silence, but for 收到 and the like.
"""

from __future__ import annotations

import re
from datetime import timedelta

from cards.actions import NEVER_MIND
from cards.notices import Choice, notice, question
from chat.answers import Answer
from chat.card import ButtonStyle, Card
from chat.events import Message, MessageKind, Opened
from handlers import (
    aligning,
    away,
    blocked,
    deciding,
    exporting,
    plain_questions,
    receiving,
    revise,
    sentences,
    suggesting,
    urging,
)
from handlers.asking import SILENCE, Asking, Misunderstood, shown
from handlers.co_writing import MERGE, OVERWRITE
from handlers.goals import own_refs
from handlers.help import help_route
from handlers.not_open import WORDS, not_open
from handlers.reading.ids import find_refs
from handlers.reading.near import is_acknowledgement, nearest
from handlers.reading.normal import tidy
from handlers.reading.speech import spoken
from handlers.reports import read_report
from handlers.route import Routes
from handlers.topics import TOPICS
from storage import heard, letters
from storage.letters import Shown

_CONFIRMED = re.compile(r"^确认\s+(?=\S)")
_SETTLED = re.compile(rf"^(?P<how>{OVERWRITE}|{MERGE})\s*(?:(?P<version>\d+)\s+)?(?=修改|改|确认|删除)")
_PAGES = re.compile(r" ?\d+/\d+$")
_DIGIT = re.compile(r"^[1-9]$")
_NODS = frozenset({"行", "ok", "okay", "同意", "批了"})
"""Said alone, they answer a question, or else decide on the only request that waits."""
_YES = frozenset({"是", "是的", "对", "对的", "确认", "嗯", "嗯嗯", "好", "好的", "行", "可以", "ok", "没错"})
REMEMBERED = timedelta(hours=24)
"""A number after its time is asked about for so long, then it is no answer to anything."""
LONGEST = 4000
"""Characters of a message that are read."""
REASON = 500
"""Characters of a reason; what is longer is not one."""


class Routing:
    def __init__(self) -> None:
        gathered = [route for topic in TOPICS for route in topic.ROUTES]
        self.routes = Routes([*gathered, help_route(gathered)])

    async def answer(self, asking: Asking) -> Answer:
        """The answer to a message. Raises Refusal or Misunderstood."""
        event = asking.event
        if isinstance(event, Opened):
            # Some platforms tell every opening of the chat: one welcome is enough.
            met = await letters.last_shown(asking.session, event, numbered=False)
            return SILENCE if met is not None else shown(notice("welcome", name=asking.asker.name))
        assert isinstance(event, Message)
        if event.kind is MessageKind.FILE:
            return await receiving.received(asking)
        if event.kind is MessageKind.UNREADABLE:
            mine, _ = await own_refs(asking)
            return shown(notice("unreadable", what=event.unreadable or "这个", mine=mine))
        text = tidy(event.text[:LONGEST])
        if event.kind is MessageKind.VOICE:
            text = spoken(text)
        said = asking.saying(text)
        return await self._said(said if event.quote is None else said.about_goal(await _about(asking, event)))

    async def command(self, asking: Asking, *, about: str = "") -> Answer:
        """The answer to a pressed button, which says `asking.text`."""
        return await self._command(asking.about_goal(about)) or await self._lost(asking)

    async def _said(self, asking: Asking) -> Answer:
        text = asking.text
        if not text:
            return await self._command(asking.saying("帮助")) or SILENCE
        if asking.spoken and (read := await sentences.answer(asking)) is not None:
            return (
                read  # recognised speech may be wrong: what it would write is confirmed, command word or not
            )
        if (answer := await self._before_commands(asking)) is not None:
            return answer
        if words := plain_questions.looked_for(text):
            asking = asking.saying(words)
        if (answer := await self._command(asking)) is not None:
            return answer
        if (reply := await self._reply(asking)) is not None:
            return reply
        for sense in (
            suggesting.sentence,
            aligning.said,
            revise.change_into,
            away.off,
            urging.said,
            blocked.sentence,
            sentences.answer,
        ):
            if (answer := await sense(asking)) is not None:
                return answer
        return await self._asked(asking)

    async def _asked(self, asking: Asking) -> Answer:
        """A nod that nods at nothing, a question in plain words, or what nobody understands."""
        if is_acknowledgement(asking.text) or asking.text.casefold() in _YES:
            return SILENCE
        words = await plain_questions.in_other_words(asking)
        meant = await self._command(asking.saying(words)) if words else None
        return meant or await self._lost(asking)

    async def _before_commands(self, asking: Asking) -> Answer | None:
        """What is said to the last card and would else be taken for a command: a nod, a reason, 取消."""
        text = asking.text
        nods = text.casefold() in _NODS
        if not nods and text != "取消" and (len(text) > REASON or self._is_command(text)):
            return None
        last = await letters.last_shown(asking.session, asking.event, numbered=False)
        if last is not None and self._is_old(asking, last):
            last = None
        if nods:
            if last is not None and last.card.asks and _has_main_choice(last.card):
                return await self._choose(asking, last, 1)
            decided = await deciding.nod(asking, last)
            return decided if decided is not None or text in ("同意", "批了") else SILENCE
        if last is None:
            return None
        if text == "取消":
            open_question = last.card.asks or last.card.awaits
            return shown(notice("never_mind")) if open_question else None
        words_awaited = last.card.awaits.endswith(" 原因") or last.card.awaits.startswith("答复 ")
        if words_awaited and not is_acknowledgement(text):
            return await self._command(asking.saying(f"{last.card.awaits} {text}"))
        return None

    def _is_command(self, text: str) -> bool:
        """Whether a text is one beyond doubt: 信心不足 is a reason as well as 信心 with words after it."""
        matched = self.routes.match(text)
        if matched is None:
            return text == NEVER_MIND
        after = text[len(matched.word) :][:1]
        return not after or after.isspace() or after.isascii()

    async def _command(self, asking: Asking) -> Answer | None:
        """The answer of the command that the text begins with; None where it begins with none."""
        text = asking.text
        if (match := _CONFIRMED.match(text)) is not None:
            return await self._command(
                asking.saying(text[match.end() :], confirmed=True).about_goal(asking.about)
            )
        if (match := _SETTLED.match(text)) is not None:
            version = int(match["version"] or 0)
            settled = asking.settles(match["how"], version, text[match.end() :])
            return await self._command(settled.about_goal(asking.about))
        if text == NEVER_MIND:
            return shown(notice("never_mind"), in_place=True)
        matched = self.routes.match(text)
        waiting = not_open(text)
        if matched is None or (waiting is not None and _is_longer(text, matched.word)):
            return waiting
        if exported := exporting.behind(matched.word, matched.rest):
            return await exporting.export(asking.rested(exported))
        return await matched.route.handle(asking.rested(matched.rest))

    # --- replies to what was shown ---

    async def _reply(self, asking: Asking) -> Answer | None:
        """A number, a yes, or the words that a question awaits; None where nothing was asked."""
        if _DIGIT.match(asking.text):
            return await self._number(asking, int(asking.text))
        last = await letters.last_shown(asking.session, asking.event, numbered=False)
        if last is None or self._is_old(asking, last):
            return None
        if last.card.asks and asking.text.casefold() in _YES and _has_main_choice(last.card):
            return await self._choose(asking, last, 1)
        if named := _choice_named(asking, last.card):
            return await self._choose(asking, last, named)
        if _is_awaited(asking, last) and not _names_a_goal(asking.text[:8]):
            return await self._completed(asking, last.card.awaits)
        return None

    async def _completed(self, asking: Asking, awaits: str) -> Answer | None:
        """The command that the words complete. Where a number is awaited and none is said, a sentence goes before."""
        if awaits.startswith("更新") and read_report(asking.text, asking.today).empty:
            answer = await sentences.answer(asking)
            if answer is not None:
                return answer
        return await self._command(asking.saying(f"{awaits} {asking.text}"))

    async def _number(self, asking: Asking, number: int) -> Answer | None:
        last = await letters.last_shown(asking.session, asking.event, numbered=False)
        if last is not None and _is_awaited(asking, last) and not self._is_old(asking, last):
            return await self._command(asking.saying(f"{last.card.awaits} {asking.text}"))
        asked = await letters.last_shown(asking.session, asking.event, numbered=True)
        if asked is None or asking.now - asked.at > REMEMBERED:
            return SILENCE if is_acknowledgement(asking.text) else None
        if self._is_old(asking, asked):
            minutes = asking.policy.choice_minutes
            return shown(_again(asked, f"{number}", minutes, asking))
        return await self._choose(asking, asked, number)

    async def _choose(self, asking: Asking, asked: Shown, number: int) -> Answer:
        """The choice with this number; a question that has been answered is not answered twice."""
        buttons = asked.card.on(asking.event.sender.platform).buttons
        if number > len(buttons):
            if asked.card.awaits:
                return await self._command(asking.saying(f"{asked.card.awaits} {asking.text}")) or SILENCE
            raise Misunderstood(_again(asked, f"{number}", 0, asking))
        if asked.card.asks and not await heard.first_time(asking.session, asked.question, asking.now):
            return shown(notice("already_answered"))
        chosen = asking.saying(buttons[number - 1].say).about_goal(asked.card.about)
        return await self._command(chosen) or await self._lost(chosen)

    def _is_old(self, asking: Asking, last: Shown) -> bool:
        return asking.now - last.at > timedelta(minutes=asking.policy.choice_minutes)

    # --- what was not understood ---

    async def _lost(self, asking: Asking) -> Answer:
        """The nearest commands to choose from: a correction never writes unasked."""
        word, _, rest = asking.text.partition(" ")
        known_words = [one for one in self.routes.words if one not in _NODS]
        near = nearest(word, known_words, limit=2) if len(word) <= 8 else []
        parted = self.routes.match(f"{word}{rest}") if len(word) == 1 and rest else None
        if parted is not None:
            near, rest = [parted.word], parted.rest
        choices = [Choice(f"{known} {rest}".strip()[:20], f"{known} {rest}".strip()[:60]) for known in near]
        choices += [Choice(f"看 {ref}", f"查看 {ref}") for _, _, ref in find_refs(asking.text)[:1]]
        if len(choices) < 2:
            choices.append(Choice("我的目标", "我的目标"))
        choices.append(Choice("帮助", "帮助"))
        return shown(question("not_understood", choices[:3], said=asking.text[:20]))


def _is_awaited(asking: Asking, last: Shown) -> bool:
    """Whether the card waits for words, and these are not said about another one by quoting it."""
    return bool(last.card.awaits) and asking.about in ("", last.card.about)


def _names_a_goal(text: str) -> bool:
    """Whether it speaks of something else by its id; an employee number is what is asked for."""
    return any(ref.kind != "E" for _, _, ref in find_refs(text))


def _has_main_choice(card: Card) -> bool:
    """Whether a question has a yes: of several equal choices a 好的 picks none."""
    return bool(card.face.buttons) and card.face.buttons[0].style is ButtonStyle.PRIMARY


def _choice_named(asking: Asking, card: Card) -> int:
    """The number of the one button that the whole text names, `合并` for `合并:留王店的`, `下一页` for `下一页 1/2`; or 0."""
    buttons = card.on(asking.event.sender.platform).buttons
    labels = [_PAGES.sub("", button.label.casefold()) for button in buttons]
    said = asking.text.casefold()
    fits = [n for n, label in enumerate(labels, 1) if said in (label, label.partition(":")[0])]
    return fits[0] if len(fits) == 1 else 0


def _is_longer(text: str, word: str) -> bool:
    """Whether a word that is not open yet names the text better than the route's: 为什么收到 than 为什么."""
    low = text.lower()
    return any(low.startswith(name.lower()) and len(name) > len(word) for name in WORDS)


def _again(asked: Shown, said: str, minutes: int, asking: Asking) -> Card:
    choices = [
        Choice(button.label, button.say) for button in asked.card.on(asking.event.sender.platform).buttons[:6]
    ]
    return question("old_choice", choices, said=said, minutes=minutes)


async def _about(asking: Asking, message: Message) -> str:
    """What the quoted card or message is about."""
    if message.quote is None:
        return ""
    if message.quote.card_ref:
        quoted = await letters.by_ref(asking.session, message.quote.card_ref)
        if quoted is not None and quoted.card.about:
            return quoted.card.about
    found = [ref for _, _, ref in find_refs(message.quote.text)]
    refs = [ref for ref in found if ref.kind in ("R", "X")] or [
        ref for ref in found if ref.kind in ("KR", "O")
    ]
    return str(refs[0]) if refs else ""
