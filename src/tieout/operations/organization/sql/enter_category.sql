-- question:   Enter these records (category): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_category_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, transaction_class text, default_billing text, active int
    )
),
written as (
    insert into operations_category as t (code, name, transaction_class, default_billing, active, version)
    select
        n.code,
        n.name,
        n.transaction_class,
        n.default_billing,
        n.active = 1,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        transaction_class = excluded.transaction_class,
        default_billing = excluded.default_billing,
        active = excluded.active,
        version = t.version + 1
    where (t.name, t.transaction_class, t.default_billing, t.active) is distinct from (excluded.name, excluded.transaction_class, excluded.default_billing, excluded.active)
    returning id, code, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_transactioncategories', id from written where outbox_captures('msdyn_transactioncategories')
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
