-- question:   What does an hour with these dimensions cost the contracting unit on this date, and why? Under a subcontract:
--             what its vendor is paid, and whose list says so.
-- grain:      one row
-- parameters: unit, subcontract, dimensions, on_date
-- index:      operations_price_list_use by unit, subcontract, vendor and company, operations_role_price_key
select owner.company_code, found.*, bought.whose
from operations_organizational_unit as owner
cross join lateral operations_cost_price(
    owner.id, %(dimensions)s::jsonb, %(on_date)s, %(subcontract)s::uuid
) as found
left join lateral operations_considered_purchases(%(subcontract)s::uuid) as bought
    on bought.price_list_id = found.price_list_id
where owner.id = %(unit)s
