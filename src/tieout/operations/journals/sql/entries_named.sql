-- question:   Which entries of a company and class have these numbers?
-- grain:      one row per entry
-- parameters: company, of_class, names
-- index:      operations_entry_key
select entry.id, entry.external_id as name
from operations_entry as entry
where entry.external_id = any(%(names)s::text[])
    and entry.transaction_class = %(of_class)s
    and entry.company_code = %(company)s
