"""The reference page of file formats, made from the tables that the loader itself obeys.

``python -m tieout.loading.reference docs/reference/file-formats.md`` writes it; a test fails when it is out
of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tieout.loading.formats import FORMATS, Field, Format, Kind, Side
from tieout.loading.profile_file import PROFILE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD: Final = """\
# File formats

<!-- Made by `python -m tieout.loading.reference docs/reference/file-formats.md`; do not edit. -->

What `tieout load` reads: CSV (UTF-8, or any encoding that a mapping profile names; comma, semicolon, tab or
bar) and XLSX. The first row that has content is the header: the field names below, in any order. A file with
other headers is read through a [mapping profile](#mapping-profiles). Rows without any content are left out;
every other row is loaded, already there, or rejected with its reasons, and the control totals say so in rows
and in money.

| type | what a cell holds |
|---|---|
| text | any text, without the spaces around it |
| code | a text in one line: what a record is known by |
| date | 2016-07-01, or as the mapping profile says; a date cell of a workbook |
| decimal | a number with up to 16 decimals, never an exponent |
| amount | money: a number with at most the decimals of its currency |
| integer | a whole number |
| boolean | yes or no |
| currency | three letters as in ISO 4217 |
| choice | one of the words listed |

A number is written with a point and without separators of thousands, unless a mapping profile says otherwise;
-12.50 may also stand as (12.50) or 12.50-. Nothing is rounded unless a mapping profile asks for it. Excel
keeps 15 digits of a number; what has more must be a text cell.

A field in **bold** is part of the key. The same key with the same content is already there; with other
content it is refused, naming the field. A default in italics is the name of another field, whose value is
taken.
"""

_PROFILES: Final = """\
## Mapping profiles

A profile is a TOML file that says how a stranger's file is to be read. What it does not say is as in our own
format; what it misspells is refused.

| key | value | meaning |
|---|---|---|
"""

_EXAMPLE: Final = """
```toml
entity = "vendor_invoice_line"
date_formats = ["%d/%m/%Y"]
thousands = ","
ignore = ["Supplier ID"]
create_missing = ["project", "category", "vendor"]

[headers]
project = ["Organisational Unit", "Service Area"]
category = ["Expenditure Category"]
accounting_date = ["Paid Date"]
amount = ["Amount"]
vendor = ["Supplier Name"]

[[split]] # 46290475 - 1
headers = ["Trans No"]
pattern = '(?P<invoice_number>[0-9]+)\\s*[_-]\\s*(?P<line_number>[0-9]+)'

[constants]
company = "GBOC"
currency = "GBP"

[defaults]
vendor = "UNKNOWN"

[values.project]
"Leisure  Parks & Communities" = "Leisure, Parks & Communities"

[create.project]
stage = "internal"
contracting_unit = "CITY"
```
"""


def file_formats() -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD]
    for side in Side:
        parts.append(f"## Master: {side}\n")
        parts += [_section(one) for one in FORMATS.values() if one.side is side]
    rows = ((f"`{row.key}`", row.shape, row.description) for row in PROFILE_KEYS)
    parts.append(_PROFILES + _table(rows) + _EXAMPLE)
    return "\n".join(parts)


def _section(one: Format) -> str:
    head = f"### {one.title}\n\n`{one.entity}`: one row is {one.one_row}."
    if one.control is not None:
        head += f" Control totals add up `{one.control.name}`."
    fields = (
        (
            f"**{field.name}**" if field.key else field.name,
            _type(field),
            "yes" if field.required else "no",
            _default(field),
            field.description,
        )
        for field in one.fields.values()
    )
    return (
        f"{head}\n\n| field | type | required | default | meaning |\n|---|---|---|---|---|\n{_table(fields)}"
    )


def _type(field: Field) -> str:
    if field.kind is Kind.CHOICE:
        return ", ".join(f"`{choice}`" for choice in field.choices)
    if field.kind in {Kind.TEXT, Kind.CODE}:
        return f"{field.kind}, {field.length} characters"
    return f"{field.kind}, {field.length} digits" if field.kind is Kind.INTEGER else str(field.kind)


def _default(field: Field) -> str:
    return f"*{field.default_field}*" if field.default_field else field.default or ""


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |\n" for row in rows)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(file_formats(), encoding="utf-8")
