"""What the databases know of a chunk: are its references set up, may the actor, do its numbers fit.

It continues the precedence of ``rows``. A row that could be read is refused, in this order, because

6. it leaves out what its company has no default for, or refers to something that is not set up (in the order
   of ``references.csv``, companies first);
7. the actor may not load into its company;
8. what it names belongs to another company, it is an entry that lacks what its class needs
   (``entry_rules``) or a sold project without a contract line, or as a record of pricing it could never
   price (``price_rules``);
9. a number is out of its range (``ranges.csv``), or has more decimals than the row's currency;
10. no exchange rate into the accounting currency is known on its date.

Everything is asked per distinct value of the chunk. What is found is added to the chunk as columns: the key
``<field>_id`` of each reference, and for documents ``exchange_rate`` and ``accounting_digits``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

import polars as pl

from tieout.finance.ledgers.queries import sharing_companies
from tieout.kernel.access import Actor, CompanyNotPermitted, Verb
from tieout.kernel.money import AmountNotInPrecision
from tieout.kernel.problems import Problem
from tieout.loading import entry_rules, invoice_rules, ledger_rules, price_rules
from tieout.loading.columns import Chunk
from tieout.loading.entry_rules import WORK
from tieout.loading.formats import FORMATS, Format, Kind, Side
from tieout.loading.ledger_problems import RateMissing
from tieout.loading.ranges import out_of_range
from tieout.loading.reference_problems import ContractLineMissing, NotWholeMinutes, OtherCompany
from tieout.loading.references import REFERENCES, Directory, Key, Reference
from tieout.loading.unknown_problems import UNKNOWN
from tieout.loading.values import Value
from tieout.operations.entries.rules import whole_minutes

Found: TypeAlias = "Iterator[tuple[int, Problem]]"
Maker: TypeAlias = Callable[[Reference, "Chunk", Collection[Key]], dict[Key, Problem]]
"""Makes records that are missing; returns why one could not be made, by key."""

_SHARED: Final = {"account": "chart", "fiscal_period": "calendar"}
"""Set-up that several companies may share, and the field that says which of them do."""
_RATED: Final = {"vendor_invoice_line": "accounting_date", "expense_line": "transaction_date"}
"""Documents of finance, with the date whose exchange rate they take."""
_OF_ONE_COMPANY: Final[Mapping[str, frozenset[str]]] = {
    "vendor_invoice_line": frozenset({"subcontract"}),
    "expense_line": frozenset({"resource"}),
    "general_journal_line": frozenset({"project", "contract", "resource"}),
    **dict.fromkeys(WORK, frozenset({"project", "subcontract"})),
    "profile_rule": frozenset({"project", "contract"}),
    "resource": frozenset({"organizational_unit"}),
    "contract": frozenset({"organizational_unit"}),
    "quote": frozenset({"organizational_unit"}),
    "project": frozenset({"organizational_unit", "contract"}),
}
"""What must be of the company of a record that names it. The resource of an entry may be lent by another, and
what finance posts may be for a project of another (finance spec 2.8)."""
_OWNED: Final = frozenset({"organizational_unit", "resource", "contract", "project", "quote", "subcontract"})
"""Set-up of operations that one company owns, though its key does not say which."""
_SAME: Final = Decimal(100)


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
        for check in (
            self._defaults,
            self._references,
            self._companies,
            self._fit,
            self._prices,
            self._numbers,
            self._rates,
        ):
            for place, problem in check(chunk):
                found[place].append(problem)
        return dict(found)

    # ------------------------------------------------------------ 6

    def _defaults(self, chunk: Chunk) -> Found:
        if self.format.entity == invoice_rules.ENTITY:
            yield from invoice_rules.fill_categories(chunk, self.directory)

    def _references(self, chunk: Chunk) -> Found:
        for reference in REFERENCES.get(self.format.entity, ()):
            fields = list(reference.fields)
            distinct = chunk.frame.select(fields).unique()
            keys: list[Key] = distinct.rows()
            known = self.directory.known(reference.side, reference.target)
            missing = self.directory.find(
                reference.side, reference.target, {k for k in keys if None not in k}
            )
            reasons = self.make_missing(reference, chunk, missing) if missing else {}
            missing -= known.attributes.keys()
            identifiers = pl.Series([known.identifiers.get(key) for key in keys], dtype=pl.String)
            chunk.frame = _with_column(chunk.frame, distinct, f"{reference.field}_id", identifiers)
            if missing:
                for place, key in enumerate(chunk.frame.select(fields).iter_rows()):
                    if key in missing:
                        yield place, self._unknown(chunk, reference, place)
                        if key in reasons:
                            yield place, reasons[key]

    def _unknown(self, chunk: Chunk, reference: Reference, place: int) -> Problem:
        value = str(chunk.value(reference.field, place))
        return UNKNOWN[reference.code](row=chunk.number(place), field=reference.field, value=value)

    # ------------------------------------------------------------ 7

    def companies(self, chunk: Chunk) -> frozenset[str]:
        """Return the companies of the records: their own, and those of what they refer to."""
        return frozenset().union(
            *(self._companies_of(row) for row in self._naming(chunk).unique().rows(named=True))
        )

    def _naming(self, chunk: Chunk) -> pl.DataFrame:
        """Return the columns that say, of each record, whose it is."""
        references = REFERENCES.get(self.format.entity, ())
        referring = (name for one in references if self._owner(one) for name in one.fields)
        names = dict.fromkeys((self._own_company, *referring))
        return chunk.frame.select(name for name in names if name in self.format.fields)

    @property
    def _own_company(self) -> str:
        return "code" if self.format.entity == "company" else "company"

    def _owner(self, reference: Reference) -> Mapping[Key, str]:
        return self.directory.known(reference.side, reference.target).companies

    def _companies_of(self, row: Mapping[str, Value]) -> set[str]:
        named: set[Value] = {row.get(self._own_company)}
        for reference in REFERENCES.get(self.format.entity, ()):
            if owner := self._owner(reference):
                named.add(owner.get(tuple(row[name] for name in reference.fields)))
        return {str(one) for one in named if one is not None}

    def _stored_elsewhere(self, chunk: Chunk) -> Found:
        """Yield records whose key is that of another company's record: loading would take it over."""
        entity = self.format.entity
        if entity not in _OWNED or self.actor.companies is None:
            return
        keys = chunk.frame.select(self.format.key)
        self.directory.find(self.format.side, entity, set(keys.unique().rows()))
        stored = self.directory.known(self.format.side, entity).companies
        for place, key in enumerate(keys.iter_rows()):
            company = stored.get(key)
            if company is not None and company not in self.actor.companies:
                yield place, CompanyNotPermitted(actor=self.actor.name, verb=Verb.LOAD, company=company)

    def _shared(self, chunk: Chunk) -> Found:
        """Yield records of a chart or calendar that other companies have too: theirs would change."""
        field = _SHARED.get(self.format.entity)
        if field is None:
            return
        sharing = sharing_companies()
        for place, value in enumerate(chunk.frame[field]):
            others = {one["code"] for one in sharing if one[field] == value} - (self.actor.companies or set())
            for company in sorted(others):
                yield place, CompanyNotPermitted(actor=self.actor.name, verb=Verb.LOAD, company=company)

    def _companies(self, chunk: Chunk) -> Found:
        if self.actor.companies is None:
            return
        yield from self._stored_elsewhere(chunk)
        yield from self._shared(chunk)
        if self.companies(chunk) <= self.actor.companies:
            return
        for place, row in enumerate(self._naming(chunk).iter_rows(named=True)):
            for company in sorted(self._companies_of(row) - self.actor.companies):
                yield place, CompanyNotPermitted(actor=self.actor.name, verb=Verb.LOAD, company=company)

    # ------------------------------------------------------------ 8

    def _fit(self, chunk: Chunk) -> Found:
        if self.format.entity == "project":
            without_line = (chunk.frame["stage"] == "sold") & chunk.frame["contract_line"].is_null()
            for place in without_line.arg_true():
                row = chunk.number(place)
                yield place, ContractLineMissing(row=row, value=str(chunk.value("number", place)))
        if self.format.entity not in _OF_ONE_COMPANY:
            return
        companies = self.directory.known(self.format.side, "company").attributes
        for reference in REFERENCES[self.format.entity]:
            if reference.target in _OF_ONE_COMPANY[self.format.entity]:
                yield from self._of_another_company(chunk, reference, companies)

    def _of_another_company(self, chunk: Chunk, reference: Reference, companies: Collection[Key]) -> Found:
        """Yield the records whose project or resource is not their company's."""
        owner = self._owner(reference)
        named = chunk.frame.select("company", *reference.fields)
        strangers: dict[Key, str] = {}
        for company, *key in named.unique().iter_rows():
            other = owner.get(tuple(key), company)
            if other != company and (company,) in companies:
                strangers[(company, *key)] = other
        if not strangers:
            return
        for place, whole in enumerate(named.iter_rows()):
            if whole in strangers:
                yield (
                    place,
                    OtherCompany(
                        row=chunk.number(place),
                        field=reference.field,
                        value=str(chunk.value(reference.field, place)),
                        company=whole[0],
                        other=strangers[whole],
                    ),
                )

    def _prices(self, chunk: Chunk) -> Found:
        yield from entry_rules.unfit(self.format.entity, chunk, self.directory)
        yield from price_rules.unfit(self.format.entity, chunk, self.directory)
        yield from ledger_rules.unfit(self.format.entity, chunk, self.directory)
        if self.format.entity == invoice_rules.ENTITY:
            yield from invoice_rules.unfit(chunk, self.directory)

    # ------------------------------------------------------------ 9

    def _numbers(self, chunk: Chunk) -> Found:
        yield from out_of_range(self.format.entity, chunk, self.header)
        if self.format.entity == "time_entry":
            hours = chunk.frame["hours"]
            uneven = [text for text in hours.unique() if whole_minutes(Decimal(text)) is None]
            for place in hours.is_in(uneven).arg_true() if uneven else ():
                row, header = chunk.number(place), self.header("hours").strip()
                value = Decimal(hours[place])
                yield place, NotWholeMinutes(row=row, field="hours", header=header, value=value)
        for field in self.format.fields.values():
            if field.kind is Kind.AMOUNT:
                yield from self._precision(chunk, chunk.frame[field.name])

    def _precision(self, chunk: Chunk, amounts: pl.Series) -> Found:
        known = self.directory.known(self.format.side, "currency").attributes
        currencies = chunk.frame["currency"]
        for currency in currencies.unique():
            if (currency,) not in known:
                continue
            digits = int(known[currency,]["digits"])
            beyond = amounts.str.contains(rf"\.[0-9]{{{digits}}}[0-9]*[1-9]")
            for place in ((currencies == currency) & beyond).arg_true():
                amount = Decimal(amounts[place])
                yield place, AmountNotInPrecision(amount=amount, currency=currency, digits=digits)

    # ------------------------------------------------------------ 10

    def _rates(self, chunk: Chunk) -> Found:
        date_field = _RATED.get(self.format.entity)
        if date_field is None:
            return
        books = self.directory.known(Side.FINANCE, "company").attributes
        dated = chunk.frame.select("company", "currency", date_field)
        distinct = dated.unique()
        pairs: list[Key] = [
            (currency, books[company,]["currency"] if (company,) in books else None, day)
            for company, currency, day in distinct.rows()
        ]
        foreign = {pair for pair in pairs if pair[0] != pair[1] and pair[1] is not None}
        missing = self.directory.find(Side.FINANCE, "rate", foreign)
        known = self.directory.known(Side.FINANCE, "rate").attributes
        rates = [_SAME if one[0] == one[1] else known[one]["rate"] if one in known else None for one in pairs]
        texts = [None if one is None else f"{one:f}" for one in rates]
        chunk.frame = _with_column(chunk.frame, distinct, "exchange_rate", pl.Series(texts, dtype=pl.String))
        companies = dated.select("company").unique()
        digits = [
            books[company,]["digits"] if (company,) in books else None for (company,) in companies.rows()
        ]
        places = pl.Series(digits, dtype=pl.Int32)
        chunk.frame = _with_column(chunk.frame, companies, "accounting_digits", places)
        if missing:
            for place, (company, currency, day) in enumerate(dated.iter_rows()):
                own = books[company,]["currency"] if (company,) in books else None
                if (currency, own, day) in missing:
                    yield (
                        place,
                        RateMissing(
                            row=chunk.number(place),
                            company=str(company),
                            from_currency=str(currency),
                            to_currency=str(own),
                            rate_date=str(day),
                        ),
                    )


def _with_column(frame: pl.DataFrame, distinct: pl.DataFrame, name: str, values: pl.Series) -> pl.DataFrame:
    """Return the frame with a column that follows from others: ``values`` are those of ``distinct``."""
    return frame.drop(name, strict=False).join(
        distinct.with_columns(values.alias(name)),
        on=distinct.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def key_words(entity: str, values: Iterable[Value]) -> str:
    """Return a key as a message names it, e.g. ``company GBOC, vendor V1, invoice_number 7``."""
    return ", ".join(f"{name} {value}" for name, value in zip(FORMATS[entity].key, values, strict=True))
