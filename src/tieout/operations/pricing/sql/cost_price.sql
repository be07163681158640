-- question:   What does an hour with these dimensions cost the contracting unit on this date, and why?
-- grain:      one row
-- parameters: unit, dimensions, on_date
-- index:      operations_price_list_use by unit, operations_role_price_key
select owner.company_code, found.*
from operations_organizational_unit as owner
cross join lateral operations_cost_price(owner.id, %(dimensions)s::jsonb, %(on_date)s) as found
where owner.id = %(unit)s
