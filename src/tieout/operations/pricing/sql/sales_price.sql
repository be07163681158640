-- question:   For what is an hour with these dimensions sold under this contract on this date, and why?
-- grain:      one row
-- parameters: contract, dimensions, on_date, cost, cost_currency
-- index:      operations_price_list_use by contract, operations_role_price_key
select owner.company_code, found.*
from operations_contract as owner
cross join lateral operations_sales_price(
    owner.id, %(dimensions)s::jsonb, %(on_date)s, %(cost)s, %(cost_currency)s
) as found
where owner.id = %(contract)s
