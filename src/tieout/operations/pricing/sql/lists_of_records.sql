-- question:   Which price lists do these records concern: by their code, as a list that they refer to, or as one that has
--             a problem and shares a user with these, so that it may be over?
-- grain:      one row per price list
-- parameters: records
-- index:      operations_price_list_code_key, operations_price_list_pkey, operations_price_list_use by list and by each
--             user, problem_log_record
with concerned as materialized (
    select l.id
    from (
        select distinct code, price_list_id
        from jsonb_to_recordset(%(records)s::jsonb) as r (code text, price_list_id uuid)
    ) as n
    join operations_price_list l on l.id = n.price_list_id or l.code = n.code
)
select id from concerned
union
select theirs.price_list_id
from concerned
join operations_price_list_use own on own.price_list_id = concerned.id
join operations_price_list_use theirs
    on theirs.unit_id = own.unit_id
    or theirs.contract_id = own.contract_id
    or theirs.quote_id = own.quote_id
    or theirs.subcontract_id = own.subcontract_id
    or theirs.customer_id = own.customer_id
    or theirs.vendor_id = own.vendor_id
    or theirs.company_code = own.company_code
where exists (
    select from problem_log met where met.record_id = theirs.price_list_id and met.process = 'load'
)
