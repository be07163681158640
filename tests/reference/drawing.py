"""Draws worlds.

Every reference is mostly right and sometimes wrong; price lists have gaps, overlaps and missing dates; lines
name any dimensions, and are overridden and marked up.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from tests.reference.bought import CONTEXTS, draw_bought, draw_money, draw_subcontract
from tests.reference.chance import Chance
from tests.reference.contract_world import CLASSES
from tests.reference.documented import UNKNOWN, draw_document
from tests.reference.ledger.money import DIGITS as DECIMALS
from tests.reference.ledger.money import half_up
from tests.reference.ledger.work import Common, Firm, Work
from tests.reference.pricing_world import STANDARD
from tests.reference.quoted import METHODS, draw_quotes
from tests.reference.world import DIGITS
from tests.reference.writing import Row

from tieout.kernel.identifiers import new_id

COMPANIES: Final = {"GB01": "GBP", "US01": "USD"}
DAYS: Final = [date(2025, 1, 1) + timedelta(days=number) for number in range(6)]
TIME: Final = {"hour": "1", "india_day": "10", "third": "3", "odd": "0.7"}
OWN: Final = {"grade": ("junior", "senior"), "hours": ("regular", "overtime"), "place": ("onsite", "local")}
KINDS: Final = {"grade": "amount", "hours": "markup", "place": "markup"}
USERS: Final = {"unit": "organizational_unit"} | {
    name: name for name in ("contract", "quote", "customer", "subcontract", "vendor")
}
LISTS: Final = {
    "subcontract": (1, 1, 2, 0, 0),
    "vendor": (1, 1, 2, 0),
    "unit": (1, 1, 1, 2, 0),
    "contract": (1, 1, 2, 0),
    "quote": (1, 1, 0, 2),
    "customer": (1, 0, 0),
}
"""Who uses lists, and how many of their own."""
SCOPES: Final = {"sales": ("contract", "quote", "customer"), "purchase": ("subcontract", "vendor")}
"""Who overrides on lists of other contexts than cost are for."""
BILLING: Final = ("chargeable", "chargeable", "non_chargeable")
OF_DOCUMENTS: Final = ("expense", "expense", "material", "time", "fee")
STAGES: Final = ("sold", "sold", "sold", "sold", "sold", "presales", "internal", "closed")
APPROVERS: Final = ("ann", "bob", "max")


def draw_common(chance: Chance) -> Common:
    """Draw what the worlds of one database have in common."""
    common = Common()
    for code, currency in COMPANIES.items():
        common.company(code, currency)
        if chance.is_one_in(3):
            common.lends_on_all.add(code)
            common.add(
                "operations_project_parameters",
                company_code=code,
                interorganizational="all",
                daily_minutes=1440,
                approval_threshold=50,
                journal_validation="none",
                version=1,
            )
        common.overlaps[code] = chance.one(("latest_created", "latest_created", "none"))
        common.lists_on_win[code] = chance.one(("same", "same_with_overrides", "copies"))
    pairs = [f"{source}{target}" for source in DIGITS for target in DIGITS if source != target]
    for pair in pairs:
        for day in chance.some(DAYS, 2):
            common.rate(pair, chance.number(1, 20000, 4), day)
    common.units |= {code: ("time", Decimal(size)) for code, size in TIME.items()}
    common.units |= {"mile": ("distance", Decimal(1)), "km": ("distance", Decimal("0.62"))}
    common.units["piece"] = ("piece", Decimal(1))
    names = chance.some([*STANDARD, *OWN], len(STANDARD) + len(OWN))
    names += [name for name in (*STANDARD, *OWN) if name not in names]
    common.dimensions = {
        name: (KINDS.get(name, "amount"), chance.rarely(None, place), chance.rarely(None, 100 - place))
        for place, name in enumerate(names)
    }
    common.purchase = {name: chance.rarely(None, 50 + place) for place, name in enumerate(reversed(names))}
    for company in COMPANIES:
        for context in ("cost", "sales", "purchase"):
            for _ in chance.times(0, 2):
                draw_default_list(chance, common, company, context)
    return common


def draw_default_list(chance: Chance, common: Common, company: str, context: str) -> None:
    """Draw a list for the units, contracts, quotes and subcontracts of a company that have none."""
    key = common.price_list(chance.one(DIGITS), chance.one(DAYS[:3]), chance.one(DAYS[3:]), context=context)
    common.tables["operations_price_list"][-1]["is_active"] = True
    common.price_list_use(key, company=company)
    common.line(key, chance.price())
    name = chance.one(OWN)
    if KINDS[name] == "amount":
        common.line(key, chance.price(), **{name: OWN[name][0]})
    else:
        common.markup(key, chance.percent(), **{name: OWN[name][0]})


class Drawing:
    """Draws one firm."""

    def __init__(self, chance: Chance, common: Common, prefix: str) -> None:
        self.chance = chance
        self.firm = Firm(common, prefix)
        self.missing = self.firm.missing_project
        self.organization()
        self.contracts()
        for kind, several in LISTS.items():
            for user in self.firm.own(USERS[kind]):
                for _ in range(chance.one(several)):
                    self.price_list(kind, user)
        for _ in chance.times(1, 4):
            self.entry()
        for _ in chance.times(0, 3):
            draw_document(chance, self.firm, self.projects, self.kinds, DAYS, tuple(COMPANIES))

    # ------------------------------------------------------------ who and where

    def organization(self) -> None:
        """Draw units, people, roles, categories."""
        chance, firm = self.chance, self.firm
        self.units = []
        for _ in chance.times(1, 3):
            company = chance.rarely("US01", "GB01")
            currency = chance.rarely(UNKNOWN, chance.one((COMPANIES[company], *DIGITS)))
            self.units.append(firm.unit(company, currency))
        self.roles = [firm.billed_role(chance.one(BILLING)) for _ in chance.times(1, 2)]
        self.categories = [firm.billed_category(chance.one(BILLING)) for _ in chance.times(1, 2)]
        self.kinds = [firm.billed_category(chance.one(BILLING), chance.one(OF_DOCUMENTS)) for _ in range(2)]
        self.products = [firm.product() for _ in chance.times(1, 2)]
        self.people = []
        for _ in chance.times(1, 3):
            unit = chance.one(self.units)
            self.people.append(firm.resource(unit, self.company_of(unit)))

        for _ in chance.times(0, 2):
            company = self.company_of(chance.one(self.units))
            draw_subcontract(chance, firm, company, COMPANIES[company])

    def company_of(self, unit: UUID) -> str:
        """Return the company of a unit."""
        return str(self.firm.the("organizational_unit", unit)["company_code"])

    def contracts(self) -> None:
        """Draw projects with tasks, and contract lines that take some of their classes and tasks."""
        chance, firm = self.chance, self.firm
        self.projects: list[UUID] = []
        self.tasks: dict[UUID, list[UUID]] = {}
        for _ in chance.times(1, 2):
            unit = chance.one(self.units)
            stage = chance.one(STAGES)
            lines = self.lines(unit) if stage in {"sold", "closed"} or chance.is_one_in(2) else []
            project = firm.project(unit, stage, lines[0] if lines else None, self.company_of(unit))
            for line in lines[1:]:
                firm.map_project(line, project, active=not chance.is_one_in(4))
            for user in chance.some(APPROVERS, 2) if chance.is_one_in(3) else ():
                firm.approver(project, user, active=not chance.is_one_in(4))
            self.projects.append(project)
            self.tasks[project] = [firm.task(project) for _ in chance.times(0, 3)]
            for task in self.tasks[project]:
                # A task is selected by one line at most, so that no two lines take the same work.
                if lines and not chance.is_one_in(3):
                    firm.select(chance.one(lines), task, chance.one(BILLING), active=not chance.is_one_in(5))

        draw_quotes(self)
        unit = chance.one(self.units)
        self.later = firm.project(unit, chance.one(("presales", "internal")), None, self.company_of(unit))

    def lines(self, unit: UUID) -> list[UUID]:
        """Draw the lines of a contract: one of all tasks, or several that share no work."""
        chance, firm = self.chance, self.firm
        contract = firm.contract(unit, chance.rarely(UNKNOWN, chance.one(DIGITS)), self.company_of(unit))
        letters = [name[0].upper() for name in CLASSES]
        lines = []
        if chance.is_one_in(3):  # selected tasks: the same classes, other tasks
            lines += [
                firm.line(contract, "TEMF", "selected", chance.one(METHODS)) for _ in chance.times(1, 2)
            ]
        else:
            first = "".join(letter for letter in letters if not chance.is_one_in(5))
            lines.append(firm.line(contract, first, "all", chance.one(METHODS)))
            rest = "".join(letter for letter in letters if letter not in first)
            if rest and chance.is_one_in(2):
                lines.append(firm.line(contract, rest, chance.one(("all", "selected")), chance.one(METHODS)))
        for line in lines:
            self.terms(line)
            for of, keys in (("role", self.roles), ("category", self.categories)):
                for key in keys:
                    if chance.is_one_in(3):
                        firm.bill(of, line, key, chance.one(BILLING))
        return lines

    def terms(self, line: UUID) -> None:
        """Draw who bears a line, and what it takes off and adds."""
        chance, firm = self.chance, self.firm
        row = firm.the("contract_line", line)
        sells = row["billing_method"] == "time_and_materials"
        for name in ("discount", "fee"):
            row[f"{name}_percent"] = chance.number(0, 30, 2) if sells and chance.is_one_in(3) else None
        percents = chance.one(
            ((), (), (60, 40), (Decimal("33.33"), Decimal("33.33"), Decimal("33.34")), (0, 100))
        )
        for place, percent in enumerate(percents):
            firm.bear(line, percent, rounding=place == len(percents) - 1)

    # ------------------------------------------------------------ prices

    def price_list(self, kind: str, user: Row) -> None:
        """Draw a list that somebody uses, and its lines; others of the kind may use it too."""
        chance, firm = self.chance, self.firm
        days = sorted((chance.one(DAYS), chance.one(DAYS)))
        if not chance.is_one_in(3):  # or long, so that several cover a day
            days = [DAYS[0], DAYS[-1]]
        context = CONTEXTS.get(kind, "sales")
        users = firm.own(USERS[kind])
        currency = chance.rarely(chance.one(DIGITS), str(user.get("currency_code", chance.one(DIGITS))))
        key = firm.price_list(
            currency if currency in DIGITS else "GBP",
            chance.rarely(None, days[0]),
            chance.rarely(None, days[1]),
            context=context,
        )
        firm.tables["operations_price_list"][-1]["is_active"] = not chance.is_one_in(12)
        self.using = {kind: user["id"]}
        also = [other for other in users if other is not user and chance.is_one_in(4)]
        for one in (user, *also):
            firm.price_list_use(key, **{kind: one["id"]})
        self.prices(key, context)
        self.items(key)

    def prices(self, price_list: UUID, context: str) -> None:
        """Draw role prices, markups and overrides."""
        chance, firm = self.chance, self.firm
        seen: set[object] = set()
        for number in chance.times(1, 5):
            named = self.named("amount")
            per, line = chance.rarely(chance.one((*TIME, "mile")), "hour"), chance.rarely(str(number), "")
            if self.is_new(seen, "line", sorted(named.items()), per, line):
                figures: dict[str, Any] = {"method": self.method(context), "percent": chance.percent()}
                firm.line_price(price_list, chance.price(), per=per, number=line, **figures, **named)
                self.overrides(price_list, context, named, seen, is_price=True)
        for _ in chance.times(0, 2):
            named = self.named("amount", "markup")
            if self.is_new(seen, "markup", sorted(named.items())):
                firm.markup(price_list, chance.percent(), **named)
                self.overrides(price_list, context, named, seen, is_price=False)

    def method(self, context: str) -> str:
        """Draw how an hour is priced: on a cost list per unit, on a sales list also from what it cost."""
        methods = ("price_per_unit", "price_per_unit", "at_cost", "markup_over_cost")
        return self.chance.one(methods) if context == "sales" else methods[0]

    def items(self, price_list: UUID) -> None:
        """Draw prices of categories and products, per unit."""
        chance, firm = self.chance, self.firm
        for kind, things in (("category", self.categories), ("product", self.products)):
            for thing in things:
                for unit in chance.some(("mile", "km", "piece"), 3):
                    method = chance.one(("price_per_unit", "price_per_unit", "at_cost", "markup_over_cost"))
                    figures = {"price": chance.price(), "percent": chance.percent()}
                    firm.item_price(kind, price_list, thing, unit, method=method, **figures)
        for thing in chance.some(self.kinds, 2):  # of documents
            method = chance.one(("price_per_unit", "at_cost", "markup_over_cost"))
            figures = {"price": chance.price(), "percent": chance.percent()}
            firm.item_price("category", price_list, thing, "each", method=method, **figures)

    def overrides(
        self, price_list: UUID, context: str, named: dict[str, Any], seen: set[object], *, is_price: bool
    ) -> None:
        """Draw overrides of one line, in any scope that its context has."""
        chance, firm = self.chance, self.firm
        for _ in chance.times(0, 2):
            # Mostly for whoever uses the list, so that it often counts.
            scopes: list[dict[str, UUID]] = [{}, *[self.using] * 3]
            if context == "cost":
                scopes += [{"unit": unit} for unit in self.units]
            else:
                kinds = SCOPES[context]
                scopes += [{kind: one["id"]} for kind in kinds for one in firm.own(kind)]
            scope, day = chance.one(scopes), chance.one(DAYS)
            if not self.is_new(seen, "override", is_price, sorted(named.items()), scope, day):
                continue
            figure = {"price": chance.price()} if is_price else {"percent": chance.percent()}
            per = chance.rarely(chance.one((*TIME, "mile")), "hour") if is_price else "hour"
            firm.override(price_list, day, scope=scope, per=per, **figure, **named)

    @staticmethod
    def is_new(seen: set[object], *parts: object) -> bool:
        """Whether a key was not drawn before."""
        key = repr(parts)
        is_new = key not in seen
        seen.add(key)
        return is_new

    def named(self, *kinds: str) -> dict[str, Any]:
        """Draw the dimensions that a line names: mostly the role, so that it is often the best."""
        options: dict[str, Any] = {
            "resourcing_unit": self.units,
            "resourcing_company": COMPANIES,
            "resource": self.people,
        } | {name: values for name, values in OWN.items() if KINDS[name] in kinds}
        wanted = self.chance.some(options, 2)
        named = {name: self.chance.one(options[name]) for name in wanted}
        return named if self.chance.is_one_in(3) else {"role": self.chance.one(self.roles), **named}

    # ------------------------------------------------------------ entries

    def entry(self) -> None:
        """Draw an entry of any class."""
        chance, firm = self.chance, self.firm
        of_class = chance.one(("time", "time", "expense", "material"))
        project = chance.one(self.projects)
        owner = str(firm.the("project", project)["company_code"])
        tasks = self.tasks[project]
        shared: dict[str, Any] = {
            "task": chance.one(tasks) if tasks and not chance.is_one_in(4) else None,
            "description": chance.one(("", "work")),
            "custom": {name: chance.one(values) for name, values in OWN.items() if not chance.is_one_in(3)},
        }
        own = self.hours() if of_class == "time" else self.units_of(of_class)
        resource = None if of_class == "material" and chance.is_one_in(2) else chance.one(self.people)
        work = Work(
            key=new_id(),
            transaction_class=of_class,
            company=chance.rarely(chance.one(COMPANIES), owner),
            resource=resource,
            project=project,
            on=chance.one(DAYS),
            subcontract=draw_bought(chance, firm, owner),
            **shared,
            **own,
        )
        firm.enter(replace(work, key=self.row(work)))

    def hours(self) -> dict[str, Any]:
        """Draw how long somebody worked."""
        minutes = self.chance.one((60, 480, self.chance.source.randint(1, 1440)))
        return {"quantity": Fraction(minutes, 60), "role": self.chance.one(self.roles)}

    def units_of(self, of_class: str) -> dict[str, Any]:
        """Draw what was spent or used, at a typed price or none."""
        chance = self.chance
        own: dict[str, Any] = {
            "quantity": Fraction(chance.number(1, 50, chance.one((0, 2, 4)))),
            "unit": chance.one(("mile", "km", "piece")),
        }
        if of_class == "expense":
            own["category"] = chance.one(self.categories)
        else:
            own["product"] = chance.rarely(None, chance.one((None, *self.products)))
            own["product_name"] = "" if own["product"] else "cement"
        return own | draw_money(chance, is_product=bool(own.get("product")))

    def row(self, work: Work) -> UUID:
        """Add the row of an entry."""
        is_time = work.transaction_class == "time"
        return self.firm.entry(
            work.transaction_class,
            work.resource,
            work.project,
            company_code=work.company,
            date=work.on,
            minutes=int(work.quantity * 60) if is_time else None,
            quantity=None if is_time else half_up(work.quantity, DECIMALS),
            time_type="work" if is_time else "",
            role_id=work.role,
            task_id=work.task,
            category_id=work.category,
            product_id=work.product,
            product_name=work.product_name,
            subcontract_id=work.subcontract,
            unit="" if is_time else work.unit,
            price=work.typed_price,
            currency_code=work.currency,
            tax_amount=work.tax,
            description=work.description,
            custom=json.dumps(work.custom),
        )
