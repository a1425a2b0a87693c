from __future__ import annotations

from decimal import Decimal

from okr.refusals import Refusal, SharesAboveOne, StartEqualsTarget


def test_the_code_is_the_name_of_the_template() -> None:
    assert SharesAboveOne(Decimal("1.1")).code == "shares_above_one"


def test_the_facts_are_what_the_template_needs() -> None:
    assert StartEqualsTarget(Decimal(5), ref="KR3").facts == {"value": Decimal(5), "ref": "KR3"}


def test_the_log_gets_one_line() -> None:
    line = str(SharesAboveOne(Decimal("1.1"), "O12"))
    assert line == "The fixed shares of the key results add to more than the whole. (total=1.1, ref=O12)"


def test_every_reason_has_a_sentence_and_a_code_of_its_own() -> None:
    reasons = Refusal.__subclasses__()
    assert len({reason.__name__ for reason in reasons}) == len(reasons) > 15
    for reason in reasons:
        assert (reason.__doc__ or "").endswith("."), reason
        assert "(" not in (reason.__doc__ or ""), f"{reason} has only the docstring of its dataclass"
