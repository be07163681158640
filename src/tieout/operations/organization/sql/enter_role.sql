-- question:   Enter these records (role): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_role_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, default_billing text
    )
),
written as (
    insert into operations_role as t (code, name, default_billing, version)
    select
        n.code,
        n.name,
        n.default_billing,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        default_billing = excluded.default_billing,
        version = t.version + 1
    where (t.name, t.default_billing) is distinct from (excluded.name, excluded.default_billing)
    returning id, code, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'bookableresourcecategories', id from written where outbox_captures('bookableresourcecategories')
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
