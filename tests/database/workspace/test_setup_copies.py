"""Copying a price list from its page: a refusal keeps what was typed, and companies are a boundary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client
from tests.database.loading.firm import rows
from tests.database.workspace.setup_typing import said, text_of

from tieout.database.aliases import OPERATIONS

LogIn = Callable[..., Client]
PAGE = "/set-up/price_list/copy/?code=SALES"


def test_a_price_list_is_copied_from_its_page(loader: Client) -> None:
    assert f'<a class="button quiet" href="{PAGE}">Copy</a>' in text_of(
        loader.get("/set-up/price_list/record/?code=SALES")
    )
    assert "<h1>Copy SALES</h1>" in text_of(loader.get(PAGE))
    answer = loader.post(PAGE, {"code": "SALES-2025", "name": "Next year"}, follow=True)
    assert answer.redirect_chain == [("/set-up/price_list/record/?code=SALES-2025", 302)]
    [told] = said(text_of(answer))
    assert told == (
        "Copied from SALES. Role prices: 1, markups: 0, category prices: 0, product prices: 0."
        " Nobody uses the copy yet: give it to somebody as a price list use."
    )
    assert 'value="Next year"' in text_of(answer)
    found = "select code, name from operations_price_list order by code"
    assert rows(OPERATIONS, found) == [("COST", "COST"), ("SALES", "SALES"), ("SALES-2025", "Next year")]


def test_a_refusal_keeps_what_was_typed(loader: Client) -> None:
    answer = loader.post(PAGE, {"code": "COST", "name": "Mine"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "<strong>CFG-211</strong> Price list SALES cannot be copied: there is a price list COST." in page
    assert '<input id="code" name="code" value="COST"' in page
    assert '<input id="name" name="name" value="Mine"' in page
    assert loader.get("/set-up/price_list/copy/?code=NOTHING").status_code == 404
    assert loader.get("/set-up/price_list/copy/").status_code == 404
    assert rows(OPERATIONS, "select count(*) from operations_price_list") == [(2,)]


def test_who_may_not(folder: Path, log_in: LogIn) -> None:
    reader = log_in("auditor", name="rita")
    assert PAGE not in text_of(reader.get("/set-up/price_list/record/?code=SALES"))
    assert reader.get(PAGE).status_code == reader.post(PAGE, {"code": "MINE"}).status_code == 403
    stranger = log_in("project_accountant", name="sue", companies=["US01"])
    assert stranger.get(PAGE).status_code == stranger.post(PAGE, {"code": "MINE"}).status_code == 404
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = log_in("project_accountant").cookies
    assert forged.post(PAGE, {"code": "MINE"}).status_code == 403
    assert rows(OPERATIONS, "select count(*) from operations_price_list") == [(2,)]
