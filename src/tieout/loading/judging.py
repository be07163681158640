"""What the databases know of a chunk: are its references set up, may the actor, do its numbers fit.

It continues the precedence of ``rows``. A row that could be read is refused, in this order, because

6. it refers to something that is not set up (in the order of ``references.csv``, companies first);
7. the actor may not load into its company;
8. its project or resource belongs to another company, or it is a sold project without a contract line;
9. a number is out of its range (``ranges.csv``), or has more decimals than the row's currency;
10. no exchange rate into the accounting currency is known on its date.

Everything is asked per distinct value of the chunk. What is found is added to the chunk as columns: the key
``<field>_id`` of each reference, and for documents ``exchange_rate`` and ``accounting_digits``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from tieout.kernel.access import Actor, CompanyNotPermitted, Verb
from tieout.kernel.money import AmountNotInPrecision, round_half_up
from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import FORMATS, Format, Kind, Side
from tieout.loading.ranges import out_of_range
from tieout.loading.reference_problems import (
    UNKNOWN,
    ContractLineMissing,
    NotWholeMinutes,
    OtherCompany,
    RateMissing,
)
from tieout.loading.references import REFERENCES, Directory, Key, Reference
from tieout.loading.values import Value

Found: TypeAlias = "Iterator[tuple[int, Problem]]"
Maker: TypeAlias = Callable[[Reference, "Chunk", Collection[Key]], dict[Key, Problem]]
"""Makes records that are missing; returns why one could not be made, by key."""

_RATED: Final = {"vendor_invoice_line": "accounting_date", "expense_line": "transaction_date"}
"""Documents of finance, with the date whose exchange rate they take."""
_OF_ONE_COMPANY: Final = frozenset({"vendor_invoice_line", "expense_line", "time_entry"})
_SHARED: Final = frozenset({"project", "resource"})
_SAME: Final = Decimal(100)
_MINUTES: Final = 60


@dataclass
class Judge:
    """Judges the chunks of one file."""

    actor: Actor
    format: Format
    header: Callable[[str], str]
    directory: Directory
    make_missing: Maker

    def problems(self, chunk: Chunk) -> dict[int, list[Problem]]:
        """Return the problems of each record that has some, by place, and add what was found as columns."""
        found: defaultdict[int, list[Problem]] = defaultdict(list)
        for check in (self._references, self._companies, self._fit, self._numbers, self._rates):
            for place, problem in check(chunk):
                found[place].append(problem)
        return dict(found)

    # ------------------------------------------------------------ 6

    def _references(self, chunk: Chunk) -> Found:
        for reference in REFERENCES.get(self.format.entity, ()):
            keys = _keys(chunk, reference)
            distinct = set(keys)
            wanted = {key for key in distinct if None not in key}
            known = self.directory.known(reference.side, reference.target)
            missing = self.directory.find(reference.side, reference.target, wanted)
            reasons = self.make_missing(reference, chunk, missing) if missing else {}
            missing -= known.attributes.keys()
            chunk.columns[f"{reference.field}_id"] = list(map(known.identifiers.get, keys))
            if missing:
                for place, key in enumerate(keys):
                    if key in missing:
                        yield place, self._unknown(chunk, reference, place)
                        if key in reasons:
                            yield place, reasons[key]

    def _unknown(self, chunk: Chunk, reference: Reference, place: int) -> Problem:
        value = str(chunk.columns[reference.field][place])
        return UNKNOWN[reference.code](row=chunk.number(place), field=reference.field, value=value)

    # ------------------------------------------------------------ 7

    def companies(self, chunk: Chunk) -> frozenset[str]:
        """Return the companies of the records: their own, and those of what they refer to."""
        return frozenset(
            str(one) for row in set(self._companies_by_row(chunk)) for one in row if one is not None
        )

    def _companies_by_row(self, chunk: Chunk) -> Iterator[tuple[Value, ...]]:
        columns: list[list[Value]] = []
        if self.format.entity == "company":
            columns.append(chunk.columns["code"])
        if "company" in chunk.columns:
            columns.append(chunk.columns["company"])
        for reference in REFERENCES.get(self.format.entity, ()):
            owner = self.directory.known(reference.side, reference.target).companies
            if owner:
                columns.append(list(map(owner.get, _keys(chunk, reference))))
        return zip(*columns, strict=True)

    def _companies(self, chunk: Chunk) -> Found:
        if self.actor.companies is None:
            return
        if self.companies(chunk) <= self.actor.companies:
            return
        for place, row in enumerate(self._companies_by_row(chunk)):
            for company in sorted({str(one) for one in row if one is not None} - self.actor.companies):
                yield place, CompanyNotPermitted(actor=self.actor.name, verb=Verb.LOAD, company=company)

    # ------------------------------------------------------------ 8

    def _fit(self, chunk: Chunk) -> Found:
        entity, columns = self.format.entity, chunk.columns
        if entity == "project":
            for place, (stage, line) in enumerate(
                zip(columns["stage"], columns["contract_line"], strict=True)
            ):
                if stage == "sold" and line is None:
                    row = chunk.number(place)
                    yield place, ContractLineMissing(row=row, value=str(columns["number"][place]))
        if entity not in _OF_ONE_COMPANY:
            return
        companies = self.directory.known(self.format.side, "company").attributes
        for reference in REFERENCES[entity]:
            if reference.target not in _SHARED:
                continue
            owner = self.directory.known(reference.side, reference.target).companies
            pairs = list(zip(columns["company"], _keys(chunk, reference), strict=True))
            if all(owner.get(key, company) == company for company, key in set(pairs)):
                continue
            for place, (company, key) in enumerate(pairs):
                other = owner.get(key)
                if other is not None and other != company and (company,) in companies:
                    yield (
                        place,
                        OtherCompany(
                            row=chunk.number(place),
                            field=reference.field,
                            value=str(columns[reference.field][place]),
                            company=str(company),
                            other=other,
                        ),
                    )

    # ------------------------------------------------------------ 9

    def _numbers(self, chunk: Chunk) -> Found:
        yield from out_of_range(self.format.entity, chunk, self.header)
        if self.format.entity == "time_entry":
            for place, hours in enumerate(chunk.columns["hours"]):
                if isinstance(hours, Decimal) and (hours * _MINUTES) % 1:
                    row, header = chunk.number(place), self.header("hours").strip()
                    yield place, NotWholeMinutes(row=row, field="hours", header=header, value=hours)
        for field in self.format.fields.values():
            if field.kind is Kind.AMOUNT:
                yield from self._precision(chunk, chunk.columns[field.name])

    def _precision(self, chunk: Chunk, amounts: list[Value]) -> Found:
        known = self.directory.known(Side.FINANCE, "currency").attributes
        used = {one: known[one,]["digits"] for one in set(chunk.columns["currency"]) if (one,) in known}
        digits: dict[Value, int] = {currency: int(count) for currency, count in used.items()}
        if not re.search(rf"\.[0-9]{{{min(digits.values(), default=4) + 1}}}", "\n".join(map(str, amounts))):
            return
        for place, (amount, currency) in enumerate(zip(amounts, chunk.columns["currency"], strict=True)):
            text = str(amount)
            point = text.rfind(".")
            if point < 0 or currency not in digits or len(text) - point - 1 <= digits[currency]:
                continue
            if isinstance(amount, Decimal) and round_half_up(amount, digits[currency]) != amount:
                yield (
                    place,
                    AmountNotInPrecision(amount=amount, currency=str(currency), digits=digits[currency]),
                )

    # ------------------------------------------------------------ 10

    def _rates(self, chunk: Chunk) -> Found:
        date_field = _RATED.get(self.format.entity)
        if date_field is None:
            return
        known = self.directory.known(Side.FINANCE, "company").attributes
        books = {one: known[one,] for one in set(chunk.columns["company"]) if (one,) in known}
        own = {company: attributes["currency"] for company, attributes in books.items()}
        columns = chunk.columns
        columns["accounting_digits"] = [
            books[company]["digits"] if company in books else None for company in columns["company"]
        ]
        used = set(zip(columns["company"], columns["currency"], strict=True))
        if all(own.get(company) == currency for company, currency in used):
            columns["exchange_rate"] = [_SAME] * len(chunk)
            return
        pairs: list[Key] = [
            (currency, own.get(company), date)
            for company, currency, date in zip(
                columns["company"], columns["currency"], columns[date_field], strict=True
            )
        ]
        missing = self.directory.find(
            Side.FINANCE,
            "rate",
            {pair for pair in set(pairs) if pair[0] != pair[1] and pair[1] is not None},
        )
        rates = self.directory.known(Side.FINANCE, "rate").attributes
        columns["exchange_rate"] = [
            _SAME if pair[0] == pair[1] else rates[pair]["rate"] if pair in rates else None for pair in pairs
        ]
        if missing:
            for place, pair in enumerate(pairs):
                if pair in missing:
                    yield (
                        place,
                        RateMissing(
                            row=chunk.number(place),
                            company=str(columns["company"][place]),
                            from_currency=str(pair[0]),
                            to_currency=str(pair[1]),
                            rate_date=str(pair[2]),
                        ),
                    )


def _keys(chunk: Chunk, reference: Reference) -> list[Key]:
    return list(zip(*(chunk.columns[field] for field in reference.fields), strict=True))


def key_words(entity: str, values: Iterable[Value]) -> str:
    """Return a key as a message names it, e.g. ``company GBOC, vendor V1, invoice_number 7``."""
    return ", ".join(f"{name} {value}" for name, value in zip(FORMATS[entity].key, values, strict=True))
