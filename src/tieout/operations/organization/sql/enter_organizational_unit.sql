-- question:   Enter these records (organizational_unit): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_organizational_unit_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, company text, currency text
    )
),
written as (
    insert into operations_organizational_unit as t (code, name, company_code, currency_code, version)
    select
        n.code,
        n.name,
        n.company,
        n.currency,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        company_code = excluded.company_code,
        currency_code = excluded.currency_code,
        version = t.version + 1
    where (t.name, t.company_code, t.currency_code) is distinct from (excluded.name, excluded.company_code, excluded.currency_code)
    returning code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
