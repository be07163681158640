-- question:   Enter these records (category): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_category_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, transaction_class text
    )
),
written as (
    insert into operations_category as t (code, name, transaction_class, version)
    select
        n.code,
        n.name,
        n.transaction_class,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        transaction_class = excluded.transaction_class,
        version = t.version + 1
    where (t.name, t.transaction_class) is distinct from (excluded.name, excluded.transaction_class)
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
