-- question:   For what is an hour of this role sold under this contract on this date, and why?
-- grain:      one row
-- parameters: contract, role, resourcing_unit, on_date
-- index:      the foreign keys of operations_price_list, operations_role_price_key
select owner.company_code, found.price, found.currency_code, found.price_list_id, found.role_price_id, found.reason
from operations_contract as owner
cross join lateral operations_sales_price(owner.id, %(role)s, %(resourcing_unit)s, %(on_date)s) as found
where owner.id = %(contract)s
