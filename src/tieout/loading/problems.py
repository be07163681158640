"""What can be wrong with a file, a mapping profile or a row; the words stand in the problem catalogue.

Codes 1xx concern a whole file or a mapping profile, 2xx one row. In ``row`` stands the physical line of a CSV
file (where the record begins) or the row of a sheet; ``field`` is our field, ``header`` the file's own name
of it.
"""

from __future__ import annotations

from tieout.kernel.problems import Problem


class FileNotReadable(Problem):
    """The file does not exist or may not be read."""

    code = "LOAD-101"
    file: str
    reason: str


class FileTooLarge(Problem):
    """The file is larger than allowed; sizes in bytes."""

    code = "LOAD-102"
    file: str
    size: int
    limit: int


class WorkbookNotReadable(Problem):
    """The file should be an XLSX workbook and is none, or is damaged."""

    code = "LOAD-103"
    file: str
    reason: str


class WorkbookTooLarge(Problem):
    """A part of the workbook unpacks to more than allowed; sizes in bytes."""

    code = "LOAD-104"
    file: str
    part: str
    size: int
    limit: int


class EncodingWrong(Problem):
    """A byte cannot be text in the encoding; ``byte`` counts from 1 in the file."""

    code = "LOAD-105"
    file: str
    encoding: str
    line: int
    byte: int
    value: str


class EncodingUnknown(Problem):
    """The profile names an encoding that does not exist."""

    code = "LOAD-106"
    file: str
    encoding: str


class FileNotText(Problem):
    """The file holds bytes that no table of text holds: zeros, or a line without end."""

    code = "LOAD-107"
    file: str
    line: int


class HeaderMissing(Problem):
    """There is no header row."""

    code = "LOAD-108"
    file: str


class HeaderDoubled(Problem):
    """Two columns have the same header; ``first`` and ``second`` are their places from 1."""

    code = "LOAD-109"
    file: str
    header: str
    first: int
    second: int


class SheetMissing(Problem):
    """The workbook has no sheet of that name."""

    code = "LOAD-110"
    file: str
    sheet: str
    sheets: str


class HeaderUnknown(Problem):
    """A column is neither mapped to a field nor listed as ignored."""

    code = "LOAD-111"
    file: str
    header: str
    entity: str
    nearest: str
    known: str


class FieldWithoutColumn(Problem):
    """A required field gets its value from no column, constant or default."""

    code = "LOAD-112"
    file: str
    field: str
    entity: str


class SkipColumnMissing(Problem):
    """A file lacks the column by which its profile leaves rows out."""

    code = "LOAD-120"
    file: str
    header: str
    profile: str


class FieldDoubled(Problem):
    """Two columns of the file are mapped to the same field."""

    code = "LOAD-113"
    file: str
    field: str
    first: str
    second: str


class EntityUnknown(Problem):
    """There is no canonical format of that name."""

    code = "LOAD-114"
    entity: str
    nearest: str


class ProfileNotReadable(Problem):
    """The mapping profile does not exist or is no TOML."""

    code = "LOAD-115"
    profile: str
    reason: str


class ProfileKeyUnknown(Problem):
    """The mapping profile has a key, field or entity that does not exist."""

    code = "LOAD-116"
    profile: str
    key: str
    nearest: str


class ProfileNotValid(Problem):
    """A value of the mapping profile cannot be used."""

    code = "LOAD-117"
    profile: str
    key: str
    reason: str


class RowEmpty(Problem):
    """No column that is read has a value in this row, though others have."""

    code = "LOAD-201"
    row: int


class RowRagged(Problem):
    """The row has more or fewer cells than the header."""

    code = "LOAD-202"
    row: int
    found: int
    expected: int


class RowQuoteOpen(Problem):
    """A quote in the line is never closed, or text follows a closed one."""

    code = "LOAD-203"
    row: int


class FieldMissing(Problem):
    """A required field is blank."""

    code = "LOAD-204"
    row: int
    field: str
    header: str


class NumberNotReadable(Problem):
    """A cell is not a number as the profile writes them."""

    code = "LOAD-205"
    row: int
    field: str
    header: str
    value: str


class DateNotReadable(Problem):
    """A cell is not a date in any of the expected forms."""

    code = "LOAD-206"
    row: int
    field: str
    header: str
    value: str
    format: str


class DateMissing(Problem):
    """A required date is blank."""

    code = "LOAD-207"
    row: int
    field: str
    header: str


class TextTooLong(Problem):
    """A cell holds more characters than its field keeps, which is ``length``."""

    code = "LOAD-208"
    row: int
    field: str
    header: str
    value: str
    length: int


class ValueNotAllowed(Problem):
    """A cell holds none of the values that its field can have."""

    code = "LOAD-209"
    row: int
    field: str
    header: str
    value: str
    allowed: str


class NumberTooPrecise(Problem):
    """A number has more decimals than its field keeps; it is not rounded unless the profile says so."""

    code = "LOAD-211"
    row: int
    field: str
    header: str
    value: str
    digits: int


class PatternNotMatched(Problem):
    """A cell out of which several fields are cut does not look as the profile says."""

    code = "LOAD-212"
    row: int
    header: str
    value: str
    pattern: str


class NumberTooLarge(Problem):
    """A number has more digits before the decimal mark than its field keeps."""

    code = "LOAD-213"
    row: int
    field: str
    header: str
    value: str
    digits: int


class TextNotClean(Problem):
    """A cell holds characters that cannot be printed: line breaks in a code, control characters."""

    code = "LOAD-214"
    row: int
    field: str
    header: str
    value: str


class CellError(Problem):
    """A cell holds the error value of a spreadsheet formula."""

    code = "LOAD-215"
    row: int
    field: str
    header: str
    value: str


class RejectedFileIsInput(Problem):
    """The file for rejected rows is the file that is read."""

    code = "LOAD-118"
    file: str


class RowsRefused(Problem):
    """A file was loaded without some of its rows; the reason of most of them stands inside."""

    code = "LOAD-121"
    file: str
    entity: str
    read: int
    rejected: int


class FolderWithoutFiles(Problem):
    """No file of the folder is named like an entity."""

    code = "LOAD-119"
    folder: str
    names: str
