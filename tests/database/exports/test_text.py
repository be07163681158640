"""Names and figures in plain text accounting: one rule per row, no database."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from beancount.core import account
from hypothesis import given
from hypothesis import strategies as st

from tieout.exports.beancount import quoted
from tieout.exports.hledger import description, tag
from tieout.exports.text import account_name, encoded, figure, printable

# What PostgreSQL can hold: any character but 0 and halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = TEXTS.filter(bool)


@pytest.mark.parametrize(
    ("number", "name", "kind", "expected"),
    [
        ("1010", "Bank", "asset", "Assets:1010-Bank"),
        ("2000", "payables, trade", "liability", "Liabilities:2000-Payables-trade"),
        ("3000", "", "equity", "Equity:3000"),
        ("4000", "Erlöse 19 % USt", "revenue", "Income:4000-Erlose-19-USt"),
        ("5000", "費用", "expense", "Expenses:5000"),
        ("9", None, None, "Equity:Not-Set-Up:9"),
        ("10-10", "X", "asset", "Assets:10--10-X"),
        ("10.10", "X", "asset", "Assets:10-u2e-10-X"),
        ("abc", "X", "asset", "Assets:N-u0-abc-X"),
        (".5", "X", "asset", "Assets:N-u0--u2e-5-X"),
        ("A:B", "a:b", "asset", "Assets:A-u3a-B-A-b"),
    ],
)
def test_account_names(number: str, name: str | None, kind: str | None, expected: str) -> None:
    assert account_name(number, name, kind) == expected


def decoded(name: str) -> str:
    """Read a number back from its account name, by the rule that :func:`encoded` states."""
    text = name.removeprefix("N-u0-")
    found = re.match(r"(?:[A-Za-z0-9]|--|-u[0-9a-f]+-)*", text)
    assert found
    return re.sub(r"--|-u([0-9a-f]+)-", lambda one: chr(int(one[1], 16)) if one[1] else "-", found[0])


@given(number=NUMBERS, name=TEXTS)
def test_every_number_gives_a_valid_name_from_which_it_can_be_read(number: str, name: str) -> None:
    written = account_name(number, name, "asset")
    assert account.is_valid(written)
    assert written.isascii()
    assert decoded(encoded(number)) == number
    assert decoded(written.removeprefix("Assets:")) == number


@pytest.mark.parametrize(
    ("amount", "digits", "expected"),
    [
        ("12.5000", 2, "12.50"),
        ("-0.1000", 2, "-0.10"),
        ("180.0000", 0, "180"),
        ("1.2340", 3, "1.234"),
        ("1.2345", 2, "1.2345"),
        ("0E+3", 2, "0.00"),
        ("9999999999999999.9999", 4, "9999999999999999.9999"),
    ],
)
def test_figures_lose_no_digit(amount: str, digits: int, expected: str) -> None:
    assert figure(Decimal(amount), digits) == expected


@given(text=TEXTS)
def test_no_text_leaves_its_place(text: str) -> None:
    assert printable(text).isprintable()
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', quoted(text))
    assert not set(";|()") & set(description(text))
    assert not set(",[]") & set(tag(text))
