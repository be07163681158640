"""Sales tax groups as set-up: what sales take, many at once."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from tests.database.finance.world import AUDITOR, COMPANY, World, new_id

from tieout.finance.taxes.models import SalesTaxCode, SalesTaxGroup, SalesTaxGroupUse
from tieout.finance.taxes.queries import Sale, SalesTax, sales_taxes
from tieout.kernel.access import Actor, CompanyNotPermitted


def uses(kind: str, owner: UUID, group: str, company: str = COMPANY) -> UUID:
    SalesTaxGroupUse.objects.create(
        company_code=company, owner_kind=kind, owner_id=owner, owner_code=kind, tax_group=group
    )
    return owner


def test_each_sale_takes_the_taxes_that_both_of_its_groups_hold(world: World) -> None:
    for code, percent in (("VAT", "21"), ("CITY", "1.5")):
        SalesTaxCode.objects.create(company_code=COMPANY, code=code, name=code, percent=percent)
    held = {("sales", "HOME"): "VAT CITY", ("sales", "ABROAD"): "", ("item", "GOODS"): "VAT CITY"}
    held |= {("item", "WORK"): "VAT"}
    for (kind, group), codes in held.items():
        for code in codes.split():
            SalesTaxGroup.objects.create(company_code=COMPANY, kind=kind, tax_group=group, tax_code=code)
    project, contract = uses("project", world.project.id, "HOME"), uses("contract", new_id(), "ABROAD")
    category, product = uses("category", world.category.id, "WORK"), uses("product", new_id(), "GOODS")
    customer = uses("customer", new_id(), "HOME", company="US01")  # another company's
    world.parameters(milestone_item_tax_group="GOODS")
    vat, city = ("VAT", Decimal(21)), ("CITY", Decimal("1.5"))
    sales = [
        Sale("time", project, contract, customer, category),
        Sale("material", project, contract, customer, category, product),
        Sale("milestone", None, contract, customer),
        Sale("fee", None, None, customer, category),
    ]

    def taken() -> list[SalesTax]:
        return sales_taxes(actor=AUDITOR, company=COMPANY, sales=sales)

    assert taken() == [
        SalesTax("HOME", "WORK", (vat,)),
        SalesTax("HOME", "GOODS", (city, vat)),
        SalesTax("ABROAD", "GOODS", ()),
        SalesTax("", "WORK", ()),
    ]
    world.parameters(billing_tax_group_from="contract")
    assert [one.sales_tax_group for one in taken()] == ["ABROAD", "ABROAD", "ABROAD", ""]
    assert sales_taxes(actor=AUDITOR, company=COMPANY, sales=[]) == []
    stranger = Actor("eve", frozenset({"auditor"}), frozenset({"US01"}))
    with pytest.raises(CompanyNotPermitted):
        sales_taxes(actor=stranger, company=COMPANY, sales=sales)
