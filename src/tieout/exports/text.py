"""Names and figures of ours as plain text accounting can read them: nothing breaks out of its place.

Names of vendors, accounts and users come from strangers' files. A quote, a line break or a bracket in
one of them must not end a string, begin a directive or become a date (DESIGN, section 8).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table

_SLUG_LENGTH_MAX: Final = 40
_NOT_IN_SLUG: Final = re.compile(r"[^A-Za-z0-9]+")
_NOT_IN_NUMBER: Final = re.compile(r"[^A-Za-z0-9]")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


class AccountKind(StrEnum):
    """What an account of a chart is, as finance keeps it."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class AccountRoot:
    """One row of ``account_roots.csv``: where accounts of a kind stand, and hledger's letter for them."""

    kind: AccountKind
    root: str
    hledger_type: str


ROOTS: Final[Table[AccountRoot]] = load_table(
    files("tieout.exports") / "account_roots.csv", AccountRoot, key=("kind",)
)
# An account that was posted to but is not set up has no kind. Its entries still belong to the books.
NOT_SET_UP: Final = "Equity:Not-Set-Up"


def account_name(number: str, name: str | None, kind: str | None) -> str:
    """Return the account as ``Root:Number-Name``, valid in beancount and hledger.

    Two numbers never give one name, whatever other accounts there are: the number is written so that it
    can be read back (see :func:`encoded`), and only then follows what can be kept of the name.
    """
    place = NOT_SET_UP if kind is None else ROOTS.one(AccountKind(kind)).root
    slug = _slug(name or "")
    return f"{place}:{encoded(number)}-{slug}" if slug else f"{place}:{encoded(number)}"


def encoded(number: str) -> str:
    """Return ``number`` in letters, digits and dashes, beginning with a capital or a digit; reversible.

    A dash is doubled, any other character becomes ``-u<code point>-``. A first character that may not stand
    first is put behind ``N-u0-``: no text of the database holds the character 0, so this means nothing else.
    """
    plain = _NOT_IN_NUMBER.sub(lambda found: "--" if found[0] == "-" else f"-u{ord(found[0]):x}-", number)
    return plain if re.match(r"[A-Z0-9]", plain) else f"N-u0-{plain}"


def _slug(name: str) -> str:
    """Return what ASCII can keep of ``name``: capital or digit first, words joined by single dashes."""
    decomposed = unicodedata.normalize("NFKD", name)
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = _NOT_IN_SLUG.sub("-", letters)[:_SLUG_LENGTH_MAX].strip("-")
    return words[:1].upper() + words[1:]


def printable(text: str) -> str:
    """Return ``text`` on one line and without control characters (also those that turn the direction)."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else " "
        if unicodedata.category(character).startswith("Z") or character in "\t\r\n"
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def figure(amount: Decimal, digits: int) -> str:
    """Return ``amount`` in plain digits, with ``digits`` decimals, and never with fewer than it has.

    Nothing is rounded: an amount that is not in the precision of its currency shows all its decimals.
    """
    whole, _, decimals = format(amount, "f").partition(".")
    decimals = decimals.rstrip("0").ljust(digits, "0")
    return f"{whole}.{decimals}" if decimals else whole


@lru_cache(maxsize=256)
def is_currency(code: str) -> bool:
    """Whether ``code`` can stand as a commodity without quotes."""
    return _CURRENCY.fullmatch(code) is not None
