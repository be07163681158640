-- Which actuals an approved entry makes: the decision table, and what DESIGN section 5 adds to it of work between
-- units and companies.

-- What an entry of a class is called as a record, the source of its actuals (entries/rules.py KINDS).
create or replace function operations_entry_kind(of_class text) returns text
language sql immutable parallel safe as $$
    select case of_class when 'time' then 'time_entry' when 'expense' then 'expense_entry' else 'material_usage' end
$$;

-- How the resource of an entry stands to its project: its unit owns the project ('same'), another unit of the
-- company works for it ('different', and 'different_all' where the company wants interorganizational rows on every
-- contract), or another company lends it ('lent'). An entry without resource is of the unit that owns the project.
create or replace function operations_relation(
    resource_unit uuid, project_unit uuid, resource_company text, project_company text, interorganizational text
)
returns text
language sql immutable parallel safe as $$
    select case
        when resource_company <> project_company then 'lent'
        when resource_unit <> project_unit and interorganizational = 'all' then 'different_all'
        when resource_unit <> project_unit then 'different'
        else 'same'
    end
$$;

-- One row per actual that approval makes of an entry, by relation, event, situation and class; `none` and
-- `not_applicable` stay rows. Resourcing unit cost and interorganizational sales are of time and expenses
-- (operations spec 2.0.6). Within one company they stay in operations; of lent work they travel in the lender's
-- books, and the cost does not: the vendor invoice between the companies brings it.
drop view if exists operations_entry_decision cascade;
create view operations_entry_decision as
select
    relation.name as relation, made.event, made.contract, class.name as transaction_class,
    made.actual, made.billing, made.quantity,
    case
        when relation.name = 'lent' then made.actual = 'cost' and class.name <> 'material'
        else made.actual in ('resourcing_unit_cost', 'interorganizational_sales')
    end as skip_sync,
    relation.name = 'lent' and made.actual in ('resourcing_unit_cost', 'interorganizational_sales') as is_lenders
from (
    values ('same', 'same'), ('different', 'different'), ('different_all', 'different'), ('lent', 'different')
) as relation (name, units)
inner join (
    select units, event, contract, actual::text, billing::text, quantity::text, false as everywhere
    from operations_decision
    union all
    -- On every contract but time and materials, where the table has them.
    select distinct decision.units, decision.event, decision.contract, added.actual, '', '', true
    from operations_decision as decision
    cross join (values ('resourcing_unit_cost'), ('interorganizational_sales')) as added (actual)
    where decision.units = 'different'
        and decision.event in ('approved', 'approved_decreased')
        and decision.contract <> 'time_and_materials'
) as made
    on made.units = relation.units and (not made.everywhere or relation.name in ('different_all', 'lent'))
cross join (values ('time'), ('expense'), ('material')) as class (name)
where made.event in ('approved', 'approved_decreased')
    and not (class.name = 'material' and made.actual in ('resourcing_unit_cost', 'interorganizational_sales'));
