-- question:   Enter these records (quote): which are new, which change, which are there already?
--             A quote that is won or lost stays as it is.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_quote_number_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, number text, "name" text, customer_id uuid, company text, contracting_unit_id uuid,
        currency text
    )
),
refused as materialized (
    select n."row", 'LOAD-349' as code, 'number' as field, t.status as stored, n.number as value
    from n
    inner join operations_quote t on t.number = n.number
    where t.status <> 'draft'
        and (t.name, t.customer_id, t.company_code, t.unit_id, t.currency_code)
        is distinct from (n.name, n.customer_id, n.company, n.contracting_unit_id, n.currency)
),
written as (
    insert into operations_quote as t (number, name, customer_id, company_code, unit_id, currency_code, status, version)
    select
        n.number,
        n.name,
        n.customer_id,
        n.company,
        n.contracting_unit_id,
        n.currency,
        'draft',
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (number) do update set
        name = excluded.name,
        customer_id = excluded.customer_id,
        company_code = excluded.company_code,
        unit_id = excluded.unit_id,
        currency_code = excluded.currency_code,
        version = t.version + 1
    where (t.name, t.customer_id, t.company_code, t.unit_id, t.currency_code) is distinct from (excluded.name, excluded.customer_id, excluded.company_code, excluded.unit_id, excluded.currency_code)
    returning number, version = 1 as is_new
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
left join written w on w.number = n.number
left join refused r on r."row" = n."row"
