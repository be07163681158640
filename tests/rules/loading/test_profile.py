from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tieout.kernel.problems import Problem
from tieout.loading.binding import bind
from tieout.loading.problems import (
    EntityUnknown,
    FieldDoubled,
    FieldWithoutColumn,
    HeaderUnknown,
    ProfileKeyUnknown,
    ProfileNotReadable,
    ProfileNotValid,
)
from tieout.loading.profile import Profile, normal, plain_profile
from tieout.loading.profile_file import profile_from, read_profile
from tieout.loading.rows import RowReader

FILE = Path("lines.csv")


def profile(text: str, entity: str = "expense_line") -> Profile:
    return profile_from("ours", tomllib.loads(f'entity = "{entity}"\n{text}'))


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("date_format = ['%d/%m/%Y']", ProfileKeyUnknown, "date_format"),
        ("[headers]\namout = 'X'", ProfileKeyUnknown, "headers.amout"),
        ("[constants]\ncurency = 'GBP'", ProfileKeyUnknown, "constants.curency"),
        ("[values.projekt]\na = 'b'", ProfileKeyUnknown, "values.projekt"),
        ("[[split]]\nheaders = 'X'\npattern = '(?P<linenumber>.)'", ProfileKeyUnknown, "split 1 pattern"),
        (
            "create_missing = ['project']\n[create.project]\nstag = 'internal'",
            ProfileKeyUnknown,
            "create.project.stag",
        ),
        ("[constants]\namount = 12.5", ProfileNotValid, "constants.amount"),
        ("date_formats = ['%d/%m']", ProfileNotValid, "date_formats"),
        ("delimiter = ', '", ProfileNotValid, "delimiter"),
        ("skip_rows = -1", ProfileNotValid, "skip_rows"),
        ("skip_rows = true", ProfileNotValid, "skip_rows"),
        ("ignore = [1]", ProfileNotValid, "ignore"),
        ("headers = 'Amount'", ProfileNotValid, "headers"),
        ("[sign]\namount = 2", ProfileNotValid, "sign.amount"),
        ("[sign]\nproject = -1", ProfileNotValid, "sign.project"),
        ("[round]\namount = -1", ProfileNotValid, "round.amount"),
        ("decimal_mark = ';'", ProfileNotValid, "decimal_mark"),
        ("thousands = '.'", ProfileNotValid, "thousands"),
        ("[[split]]\nheaders = 'X'\npattern = '('", ProfileNotValid, "split 1 pattern"),
        ("[[split]]\nheaders = 'X'\npattern = 'x'", ProfileNotValid, "split 1 pattern"),
        ("[[split]]\nheaders = 'X'", ProfileNotValid, "split 1"),
        ("create_missing = ['resource']", ProfileNotValid, "create_missing"),
        ("create_missing = ['vendor']", ProfileNotValid, "create_missing"),
        ("[create.project]\nstage = 'internal'", ProfileNotValid, "create.project"),
    ],
)
def test_what_a_profile_may_not_say(text: str, kind: type[Problem], key: str) -> None:
    with pytest.raises(kind) as caught:
        profile(text)
    assert caught.value.fields()["key"] == key


def test_a_misspelt_key_names_the_nearest() -> None:
    with pytest.raises(ProfileKeyUnknown) as caught:
        profile("[headers]\nacounting_date = 'Paid'", "vendor_invoice_line")
    assert caught.value.nearest == "accounting_date"


@pytest.mark.parametrize(
    ("content", "kind"), [(b"entity = ", ProfileNotReadable), (b"\xff", ProfileNotReadable)]
)
def test_files_that_are_no_profile(tmp_path: Path, content: bytes, kind: type[Problem]) -> None:
    (tmp_path / "p.toml").write_bytes(content)
    with pytest.raises(kind):
        read_profile(tmp_path / "p.toml")
    with pytest.raises(ProfileNotReadable):
        read_profile(tmp_path / "none.toml")


def test_unknown_format_names_the_nearest() -> None:
    with pytest.raises(EntityUnknown) as caught:
        plain_profile("vendor_invoice_lines")
    assert caught.value.nearest == "vendor_invoice_line"


def test_constants_and_defaults_fit_their_field() -> None:
    bound = bind(
        profile("[defaults]\ntransaction_date = 'soon'"),
        FILE,
        tuple(plain_profile("expense_line").format.fields),
    )
    with pytest.raises(ProfileNotValid) as caught:
        RowReader(bound)
    assert caught.value.key == "defaults.transaction_date"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Supplier Name ", "supplier_name"), ("Body  Name", "BODY_NAME"), ("Paid\nDate", "paid date")],
)
def test_headers_are_compared_without_case_and_runs_of_spaces(one: str, other: str) -> None:
    assert normal(one) == normal(other)


ROLE_HEADERS = '[headers]\ncode = ["Role", "Role Code"]\nname = ["Title"]'


def test_headers_of_any_spelling_give_fields_and_messages_keep_the_file_s_own() -> None:
    bound = bind(profile(ROLE_HEADERS, "role"), FILE, (" ROLE_code", "title"))
    assert bound.columns == {"code": " ROLE_code", "name": "title"}
    assert bound.header("code") == " ROLE_code"


def test_an_unknown_header_is_refused_with_the_nearest() -> None:
    with pytest.raises(HeaderUnknown) as caught:
        bind(profile(ROLE_HEADERS, "role"), FILE, ("Role", "Titel"))
    assert (caught.value.header, caught.value.nearest) == ("Titel", "Title")
    bind(profile(f'ignore = ["Titel"]\n{ROLE_HEADERS}', "role"), FILE, ("Role", "Titel"))


def test_two_columns_for_one_field_are_refused() -> None:
    with pytest.raises(FieldDoubled) as caught:
        bind(profile(ROLE_HEADERS, "role"), FILE, ("Role", "Role Code"))
    assert (caught.value.field, caught.value.first, caught.value.second) == ("code", "Role", "Role Code")


def test_a_required_field_without_any_source_is_refused() -> None:
    with pytest.raises(FieldWithoutColumn) as caught:
        bind(profile(ROLE_HEADERS, "role"), FILE, ("Title",))
    assert caught.value.field == "code"
    bind(profile(f"{ROLE_HEADERS}\n[constants]\ncode = 'X'", "role"), FILE, ("Title",))


def test_of_two_dates_that_stand_in_for_each_other_one_is_needed() -> None:
    plain = plain_profile("vendor_invoice_line")
    headers = tuple(name for name in plain.format.fields if name != "invoice_date")
    assert "accounting_date" in bind(plain, FILE, headers).columns
    with pytest.raises(FieldWithoutColumn):
        bind(plain, FILE, tuple(name for name in headers if name != "accounting_date"))


def test_one_column_may_give_several_fields() -> None:
    bound = bind(profile('[headers]\ncode = "Role"\nname = "Role"', "role"), FILE, ("Role",))
    assert bound.columns == {"code": "Role", "name": "Role"}
