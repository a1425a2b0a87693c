"""A card in the passive reply's XML, read back into the JSON that every other place uses.

Source: developer.work.weixin.qq.com 90241.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

_LISTS = {
    "HorizontalContentList": "horizontal_content_list",
    "JumpList": "jump_list",
    "VerticalContentList": "vertical_content_list",
    "ButtonList": "button_list",
    "SelectList": "select_list",
    "OptionList": "option_list",
    "ActionList": "action_list",
}
_NAMES = {
    "CardType": "card_type",
    "Source": "source",
    "IconUrl": "icon_url",
    "Desc": "desc",
    "DescColor": "desc_color",
    "MainTitle": "main_title",
    "Title": "title",
    "SubTitleText": "sub_title_text",
    "KeyName": "keyname",
    "Value": "value",
    "Type": "type",
    "Url": "url",
    "MediaId": "media_id",
    "UserId": "userid",
    "AppId": "appid",
    "PagePath": "pagepath",
    "CardAction": "card_action",
    "EmphasisContent": "emphasis_content",
    "ActionMenu": "action_menu",
    "Text": "text",
    "Key": "key",
    "QuoteArea": "quote_area",
    "QuoteText": "quote_text",
    "CardImage": "card_image",
    "AspectRatio": "aspect_ratio",
    "ImageTextArea": "image_text_area",
    "ImageUrl": "image_url",
    "Style": "style",
    "ReplaceText": "replace_text",
    "ButtonSelection": "button_selection",
    "QuestionKey": "question_key",
    "SelectedId": "selected_id",
    "Disable": "disable",
    "Id": "id",
    "CheckBox": "checkbox",
    "IsChecked": "is_checked",
    "Mode": "mode",
    "SubmitButton": "submit_button",
}
_NUMBERS = frozenset({"type", "style", "desc_color", "mode"})


def card_of(element: Element) -> dict[str, Any]:
    """Raises ValueError for an element that the documentation does not have."""
    card: dict[str, Any] = {}
    for child in element:
        if child.tag in _LISTS:
            card.setdefault(_LISTS[child.tag], []).append(card_of(child))
            continue
        if child.tag not in _NAMES:
            raise ValueError(f"unknown element {child.tag}")
        name = _NAMES[child.tag]
        card[name] = card_of(child) if len(child) else _scalar(name, child.text or "")
    return card


def _scalar(name: str, text: str) -> Any:
    return int(text) if name in _NUMBERS else text
