-- question:   Enter these records (customer): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_customer_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, account_number text, "name" text
    )
),
written as (
    insert into operations_customer as t (company_code, account_number, name, version)
    select
        n.company,
        n.account_number,
        n.name,
        1
    from n
    on conflict (company_code, account_number) do update set
        name = excluded.name,
        version = t.version + 1
    where t.name is distinct from excluded.name
    returning id, company_code, account_number, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'accounts', id from written where outbox_captures('accounts')
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.account_number = n.account_number
