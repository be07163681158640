-- question:   For what is an hour with these dimensions offered by this quote on this date, and why?
-- grain:      one row
-- parameters: quote, dimensions, on_date
-- index:      operations_price_list_use by quote, operations_role_price_key
select owner.company_code, found.*
from operations_quote as owner
cross join lateral operations_quote_price(owner.id, %(dimensions)s::jsonb, %(on_date)s) as found
where owner.id = %(quote)s
