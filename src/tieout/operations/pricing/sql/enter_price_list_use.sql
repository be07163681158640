-- question:   Enter these records (price_list_use): which are new, which change, which are there already?
--             What is said of a quote that is won or lost stays as it is.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_price_list_use_key, operations_quote_pkey
with n as materialized (
    select
        "row", price_list_id, organizational_unit_id as unit_id, contract_id, quote_id, customer_id, subcontract_id, vendor_id,
        -- Beside a customer or vendor the company says whose it is.
        case when customer_id is null and vendor_id is null then company end as company_code, active = 1 as is_active
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, price_list_id uuid, organizational_unit_id uuid, contract_id uuid, quote_id uuid, customer_id uuid,
        subcontract_id uuid, vendor_id uuid, company text, active int
    )
),
refused as materialized (
    select n."row", 'LOAD-349' as code, 'quote' as field, q.status as stored, q.number as value
    from n
    inner join operations_quote q on q.id = n.quote_id and q.status <> 'draft'
    left join operations_price_list_use t on t.price_list_id = n.price_list_id and t.quote_id = n.quote_id
    where t.is_active is distinct from n.is_active
),
written as (
    insert into operations_price_list_use as t (
        price_list_id, unit_id, contract_id, quote_id, customer_id, subcontract_id, vendor_id, company_code, is_active
    )
    select n.price_list_id, n.unit_id, n.contract_id, n.quote_id, n.customer_id, n.subcontract_id, n.vendor_id,
        n.company_code, n.is_active
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (
        price_list_id, unit_id, contract_id, quote_id, customer_id, subcontract_id, vendor_id, company_code
    ) do update set
        is_active = excluded.is_active,
        version = t.version + 1
    where t.is_active is distinct from excluded.is_active
    returning
        price_list_id, unit_id, contract_id, quote_id, customer_id, subcontract_id, vendor_id, company_code,
        version = 1 as is_new
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w
    on w.price_list_id = n.price_list_id
    and w.unit_id is not distinct from n.unit_id
    and w.contract_id is not distinct from n.contract_id
    and w.quote_id is not distinct from n.quote_id
    and w.customer_id is not distinct from n.customer_id
    and w.subcontract_id is not distinct from n.subcontract_id
    and w.vendor_id is not distinct from n.vendor_id
    and w.company_code is not distinct from n.company_code
left join refused r on r."row" = n."row"
