"""The colours of drawings, by what they are for: one drawing, on white paper for a chat and on a page in its own colours.

A colour in an SVG attribute may be a variable of the page's style: so the board's drawings are dark where the page is.
"""

from __future__ import annotations

from collections.abc import Mapping

Paint = Mapping[str, str]

PAPER: Paint = {
    "panel": "#FFFFFF",
    "paper": "#F3F5F9",
    "ink": "#16202E",
    "soft": "#545E6C",
    "edge": "#DCE2EA",
    "grid": "#C3CBD7",
    "dash": "#8A95A5",
    "rail": "#E4E9F0",
    "accent": "#2B6BE4",
    "accent_ink": "#1F57C3",
    "on_accent": "#FFFFFF",
    "accent_soft": "#E8F0FF",
    "accent_rail": "#CFDDF8",
    "others": "#7C93B8",
    "gold": "#F2C94C",
    "silver": "#D5DBE3",
    "bronze": "#E3A877",
    "on_medal": "#16202E",
    "well": "#087656",
    "slow": "#9A5B00",
    "slow_fill": "#F2A100",
    "on_slow": "#4A2E00",
    "slow_paper": "#FFF3D6",
    "alarm": "#C62F3B",
    "due": "#8A3FA0",
    "silent": "#5B6B82",
    "waiting": "#5F6B7E",
    "missed": "#5B6472",
    "off": "#616C7D",
    "heat0": "#9E4A06",
    "heat1": "#F5C48F",
    "heat2": "#EEF1F5",
    "heat3": "#A9C9EF",
    "heat4": "#1B5FB4",
    "on_heat_far": "#FFFFFF",
    "on_heat_near": "#16202E",
}
"""What a chat shows: a picture has a white ground wherever it is looked at."""

PAGE: Paint = {name: f"var(--{name.replace('_', '-')})" for name in PAPER}
"""What a page shows: its style says each, for light and for dark."""
