"""How numbers are said. Values are kept exactly; only what is shown is rounded, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from okr.progress import Progress

ZERO = Decimal(0)
ONE = Decimal(1)
TEN_THOUSAND = Decimal(10_000)
HUNDRED_MILLION = Decimal(100_000_000)
SHORT_FROM = Decimal(100_000)
"""From here on a number is said in 万, then in 亿."""
TENTH, CENT = Decimal("0.1"), Decimal("0.01")
PERCENT_SIGNS = ("%", "％")


def say_number(value: Decimal, unit: str = "", *, short: bool = True) -> str:
    """`1,070 人`, `6.9%`, `12.5 万元`, `3.5 亿`; at most two decimals. `short=False` keeps all digits."""
    if unit in PERCENT_SIGNS:
        return f"{_plain(value)}%"
    number, scale = _scaled(value) if short else (_plain(value), "")
    tail = f"{scale}{unit}"
    return f"{number} {tail}" if tail else number


def say_change(change: Decimal, unit: str = "") -> str:
    """A difference with its sign: `+20 人`; of percents in points, never in percent: `-0.3 个点`."""
    sign = "+" if change > ZERO else ""
    if unit in PERCENT_SIGNS:
        return f"{sign}{_plain(change)} 个点"
    return sign + say_number(change, unit)


def say_percent(share: Decimal) -> str:
    """A share as whole percent: 0.7 is `70%`, 1.2 is `120%`."""
    return f"{percent(share)}%"


def say_part(share: Decimal) -> str:
    """A part of something large: `12%`, below ten with one decimal (`1.2%`, `0.4%`), the smallest as 不到 0.1%."""
    if share >= Decimal("0.1") or not share:
        return say_percent(share)
    tenths = half_up(share * 100, TENTH)
    return f"{_plain(tenths)}%" if tenths else "不到 0.1%"


def percent(share: Decimal) -> int:
    return _whole(share * 100)


def say_progress(progress: Progress) -> str:
    """As measured when the target was passed (`120%`); what went the wrong way is `0% ▼`, never negative."""
    return "0% ▼" if progress.raw < ZERO else say_percent(progress.raw)


def say_points(points: Decimal | int) -> str:
    """A distance between two percents: `12 个百分点`, without sign."""
    return f"{abs(_whole(Decimal(points)))} 个百分点"


def points_between(expected: Decimal, actual: Decimal) -> int:
    """The distance of two shares as they are shown, positive where actual lags: 58% and 37% are 21 points.

    Whoever subtracts the two percents on the card gets this number, not the exact 21.6.
    """
    return percent(expected) - percent(actual)


def say_pace(gap_points: Decimal | int) -> str:
    """Expected minus actual: -12 is `快 12 个百分点`, 12 is `慢 …`, less than half a point `正好`."""
    points = _whole(Decimal(gap_points))
    if not points:
        return "正好"
    return f"{'慢' if points > 0 else '快'} {say_points(points)}"


def bar(share: Decimal, width: int = 10) -> str:
    """`▓▓▓▓▓▓▓░░░`: half up, but only what is done fills it."""
    filled = min(width, max(0, _whole(share * width)))
    if filled == width and share < ONE:
        filled -= 1
    return "▓" * filled + "░" * (width - filled)


def half_up(value: Decimal, step: Decimal = ONE) -> Decimal:
    """The nearest whole number, or decimal that `step` ends with; what lies halfway goes away from zero."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def coarse(value: Decimal, whole_from: int, step: Decimal = CENT) -> Decimal:
    """For `say_number`, no more exact than the eye needs: whole from so much on, below it like `step`.

    What it says in 万 and 亿 it rounds itself: rounded twice, 12.50496 万 would be 12.51 万.
    """
    if abs(value) >= SHORT_FROM:
        return value
    return half_up(value, ONE if abs(value) >= whole_from else step)


def foretold(value: Decimal) -> Decimal:
    """A forecast is no measurement: from a hundred on it is said in whole numbers."""
    return coarse(value, 100, TENTH)


def _scaled(value: Decimal) -> tuple[str, str]:
    """The number and 万 or 亿. What rounds up to 10,000 万 is 1 亿."""
    size = abs(value)
    if size < SHORT_FROM:
        return _plain(value), ""
    if _rounded(size / TEN_THOUSAND) < TEN_THOUSAND:
        return _plain(value / TEN_THOUSAND), "万"
    return _plain(value / HUNDRED_MILLION), "亿"


def _plain(value: Decimal) -> str:
    text = f"{_rounded(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _rounded(value: Decimal) -> Decimal:
    return half_up(value, CENT)


def _whole(value: Decimal) -> int:
    return int(half_up(value))
