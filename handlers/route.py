"""What can be said, declared once: the words, the handler, and the help that follows from them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chat.answers import Answer
from handlers.asking import Asking

Handler = Callable[[Asking], Awaitable[Answer]]


class Role(StrEnum):
    """Who finds a command in 帮助; whether they may is decided where it is done."""

    EVERYONE = "everyone"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Route:
    """`words`: the command word and its aliases. `topic`: under which heading help shows it.

    `does`: one line of help. `examples`: what can be typed, with {kr}, {unit}, {mate} and so on for what is the
    asker's own (`cards.examples`).
    `alone`: the words that count only when nothing follows that is no id (报错了 also begins a sentence).
    """

    words: tuple[str, ...]
    handle: Handler
    topic: str
    does: str
    examples: tuple[str, ...]
    role: Role = Role.EVERYONE
    alone: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Matched:
    route: Route
    word: str
    rest: str


class Routes:
    """All routes of the house. A word that two routes claim is refused when they are gathered."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.all = tuple(routes)
        self._by_word: dict[str, Route] = {}
        for route in routes:
            for word in route.words:
                if word.lower() in self._by_word:
                    raise ValueError(f"two routes for {word}")
                self._by_word[word.lower()] = route
        self._longest = max(map(len, self._by_word))

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._by_word)

    def match(self, text: str) -> Matched | None:
        """The route whose word begins the text, the longest first; None where no word does."""
        low = text.lower()
        for length in range(min(self._longest, len(low)), 0, -1):
            route = self._by_word.get(low[:length])
            if route is None:
                continue
            rest = text[length:].strip(" \t:,")
            if _ends_here(text, length, rest) and not (_is_alone(route, low[:length]) and _is_sentence(rest)):
                return Matched(route, low[:length], rest)
        return None


def _ends_here(text: str, length: int, rest: str) -> bool:
    """Whether a word ends where it ends: 报 is one in `报34`, not in `报表`; 帮助 is one in `帮助更新`."""
    if not rest or length > 1:
        return True
    following = text[length]
    return following in " \t\n:,+-=@" or (following.isascii() and following.isalnum())


def _is_alone(route: Route, word: str) -> bool:
    return any(word == one.lower() for one in route.alone)


def _is_sentence(rest: str) -> bool:
    return bool(rest) and not rest[0].isascii()
