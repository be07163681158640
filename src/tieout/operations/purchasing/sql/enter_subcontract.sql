-- question:   Enter these records (subcontract): which are new, which change, which are there already?
--             A status that may not follow the stored one is refused (LOAD-352), as is another vendor, company or currency
--             of one that is no draft (LOAD-353). A new one may have any status: it had its history elsewhere.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records, changes
-- index:      operations_subcontract_number_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, number text, "name" text, company text, vendor_id uuid, currency text, status text
    )
),
refused as materialized (
    select
        n."row",
        case when n.status <> t.status and not %(changes)s::jsonb -> t.status ? n.status then 'LOAD-352' else 'LOAD-353' end as code,
        t.status as stored,
        case
            when n.status <> t.status and not %(changes)s::jsonb -> t.status ? n.status then n.status else n.number
        end as value
    from n
    inner join operations_subcontract t on t.number = n.number
    where (n.status <> t.status and not %(changes)s::jsonb -> t.status ? n.status)
        or (
            t.status <> 'draft'
            and (t.company_code, t.vendor_id, t.currency_code) is distinct from (n.company, n.vendor_id, n.currency)
        )
),
written as (
    insert into operations_subcontract as t (number, name, company_code, vendor_id, currency_code, status, version)
    select n.number, n.name, n.company, n.vendor_id, n.currency, n.status, 1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (number) do update set
        name = excluded.name,
        company_code = excluded.company_code,
        vendor_id = excluded.vendor_id,
        currency_code = excluded.currency_code,
        status = excluded.status,
        version = t.version + 1
    where (t.name, t.company_code, t.vendor_id, t.currency_code, t.status)
        is distinct from (excluded.name, excluded.company_code, excluded.vendor_id, excluded.currency_code, excluded.status)
    returning number, version = 1 as is_new
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    case r.code when 'LOAD-352' then 'status' when 'LOAD-353' then 'number' end as field,
    r.stored,
    r.value
from n
left join written w on w.number = n.number
left join refused r on r."row" = n."row"
