"""Amounts are exact: rounded once, half away from zero, never in binary."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.kernel.money import (
    AmountNotInPrecision,
    Currency,
    CurrencyMismatchError,
    Money,
    allocate,
    amount,
    convert,
    parse_decimal,
    round_half_up,
)

USD, GBP, JPY = Currency("USD", 2), Currency("GBP", 2), Currency("JPY", 0)
NBSP = "\N{NO-BREAK SPACE}"
decimals = st.decimals(-(10**12), 10**12, places=6)


@pytest.mark.parametrize(
    ("given_amount", "digits", "expected"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.015", 2, "0.02"),
        ("2.675", 2, "2.68"),  # 2.67 in binary
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1", 2, "1.00"),
        ("1E+3", 2, "1000.00"),
        ("12345678901234567890123.4550000000000001", 2, "12345678901234567890123.46"),
    ],
)
def test_halves_are_rounded_away_from_zero(given_amount: str, digits: int, expected: str) -> None:
    assert str(round_half_up(Decimal(given_amount), digits)) == expected


@given(decimals)
def test_a_reversal_negates_exactly(number: Decimal) -> None:
    assert round_half_up(-number, 2) == -round_half_up(number, 2)


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("7.5", "133.33", "999.98"),
        ("-7.5", "133.33", "-999.98"),
        ("3", "0.3333333333333333", "1.00"),
        # Cut to the usual 28 digits first, this would become ...0050 and then ...01.
        ("1", "123456789012345678901234.00499999", "123456789012345678901234.00"),
        ("1.0000000000000001", "1.0000000000000001", "1.00"),
    ],
)
def test_quantity_times_price_is_rounded_once(quantity: str, price: str, expected: str) -> None:
    assert amount(Decimal(quantity), Decimal(price), 2) == Decimal(expected)


@pytest.mark.parametrize(
    ("given_amount", "rate", "digits", "expected"),
    [
        ("1000", "125", 2, "1250.00"),  # test vector TV-04
        ("1750", "125", 2, "2187.50"),
        ("480", "100", 2, "480.00"),
        ("0.01", "50", 2, "0.01"),
        ("-0.01", "50", 2, "-0.01"),
        ("10.00", "15123.45", 0, "1512"),
    ],
)
def test_rates_are_quoted_per_hundred_units(given_amount: str, rate: str, digits: int, expected: str) -> None:
    assert str(convert(Decimal(given_amount), Decimal(rate), digits)) == expected


@pytest.mark.parametrize("rate", ["0", "-125"])
def test_a_rate_is_positive(rate: str) -> None:
    with pytest.raises(ValueError, match="positive"):
        convert(Decimal(1), Decimal(rate), 2)


@pytest.mark.parametrize(
    ("given_amount", "weights", "expected"),
    [
        ("100.00", "1 1 1", "33.34 33.33 33.33"),
        ("-100.00", "1 1 1", "-33.34 -33.33 -33.33"),
        ("0.02", "1 1 1", "0.01 0.01 0.00"),
        ("0.00", "1 2", "0.00 0.00"),
        ("10.00", "0 3 0 1", "0.00 7.50 0.00 2.50"),
        ("0.05", "0.5 0.3 0.2", "0.03 0.01 0.01"),
        ("578.00", "405 173", "405.00 173.00"),  # test vector TV-21
    ],
)
def test_parts_sum_exactly(given_amount: str, weights: str, expected: str) -> None:
    parts = allocate(Decimal(given_amount), [Decimal(weight) for weight in weights.split()], 2)
    assert [str(part) for part in parts] == expected.split()


@given(
    st.integers(-(10**10), 10**10),
    st.lists(st.decimals(0, 1000, places=4), min_size=1, max_size=20).filter(any),
)
def test_parts_always_sum_and_are_within_one_unit_of_their_share(cents: int, weights: list[Decimal]) -> None:
    whole = Decimal(cents).scaleb(-2)
    parts = allocate(whole, weights, 2)
    assert sum(parts) == whole
    total = sum(weights)
    assert all(
        abs(part * total - whole * weight) < Decimal("0.01") * total
        for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_weights_that_share_nothing_are_refused(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(Decimal(1), weights, 2)


def test_an_amount_finer_than_the_currency_is_not_allocated() -> None:
    with pytest.raises(ValueError, match="decimals"):
        allocate(Decimal("0.001"), [Decimal(1)], 2)


@pytest.mark.parametrize(
    ("text", "thousands", "mark", "expected"),
    [
        ("12", "", ".", "12"),
        ("-12.50", "", ".", "-12.50"),
        ("+0.1234567890123456", "", ".", "0.1234567890123456"),
        (".5", "", ".", "0.5"),
        ("-0.00", "", ".", "0.00"),
        ("1,234,567.89", ",", ".", "1234567.89"),
        ("1234567.89", ",", ".", "1234567.89"),
        ("1.234,5", ".", ",", "1234.5"),
        (f"1{NBSP}234,5", NBSP, ",", "1234.5"),
    ],
)
def test_plain_numbers_are_read_with_all_their_decimals(
    text: str, thousands: str, mark: str, expected: str
) -> None:
    assert str(parse_decimal(text, thousands=thousands, decimal_mark=mark)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1.",
        "1e5",
        "1E5",
        "NaN",
        "inf",
        "-Infinity",
        "1,234",
        "1_000",
        "٣",
        "0x1",
        "--1",
        "1.2.3",
        "(5.00)",
        "5-",
        "9" * 39,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"plain decimal|digits"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["12,34", "1,2345.00", ",123", "1,234,56"])
def test_groups_of_the_wrong_length_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        parse_decimal(text, thousands=",")


def test_one_mark_cannot_mean_both() -> None:
    with pytest.raises(ValueError, match="cannot mark"):
        parse_decimal("1", thousands=".", decimal_mark=".")


def test_money_adds_in_one_currency() -> None:
    five = Money(Decimal(5), USD)
    assert str(five) == "5.00 USD"
    assert five + Money(Decimal("0.10"), USD) - Money(Decimal("5.10"), USD) == Money(Decimal(0), USD)
    assert -five == Money(Decimal("-5.00"), USD)
    assert not Money(Decimal(0), USD)
    assert str(-Money(Decimal(0), JPY)) == "0 JPY"


def test_money_refuses_another_currency() -> None:
    with pytest.raises(CurrencyMismatchError, match=r"1\.00 USD and 1\.00 GBP"):
        Money(Decimal(1), USD) + Money(Decimal(1), GBP)


def test_money_refuses_what_its_currency_cannot_pay() -> None:
    with pytest.raises(AmountNotInPrecision) as refused:
        Money(Decimal("0.5"), JPY)
    assert refused.value.as_row() == {
        "code": "DOC-104",
        "fields": {"amount": "0.5", "currency": "JPY", "digits": 0},
    }
    assert Money.rounded(Decimal("0.5"), JPY) == Money(Decimal(1), JPY)


@pytest.mark.parametrize("number", [0.1, 1, "1"])
def test_only_decimals_are_counted_with(number: object) -> None:
    for attempt in (
        lambda: Money(number, USD),  # type: ignore[arg-type]
        lambda: round_half_up(number, 2),  # type: ignore[arg-type]
        lambda: amount(Decimal(1), number, 2),  # type: ignore[arg-type]
        lambda: convert(Decimal(1), number, 2),  # type: ignore[arg-type]
        lambda: Money(Decimal(1), USD) + number,  # type: ignore[operator]
    ):
        with pytest.raises(TypeError):
            attempt()
    if not isinstance(number, str):
        with pytest.raises(TypeError):
            parse_decimal(number)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_not_a_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        round_half_up(Decimal(number), 2)


@pytest.mark.parametrize(("code", "digits"), [("usd", 2), ("US", 2), ("USD", 5), ("USD", -1)])
def test_a_currency_is_an_iso_code_with_its_decimals(code: str, digits: int) -> None:
    with pytest.raises(ValueError, match=code):
        Currency(code, digits)
