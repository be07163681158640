-- question:   Enter these records (contract_line_category): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_category_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_line_id uuid, category_id uuid, billing_type text
    )
),
written as (
    insert into operations_contract_line_category as t (contract_line_id, category_id, billing_type, version)
    select
        n.contract_line_id,
        n.category_id,
        n.billing_type,
        1
    from n
    on conflict (contract_line_id, category_id) do update set
        billing_type = excluded.billing_type,
        version = t.version + 1
    where t.billing_type is distinct from excluded.billing_type
    returning contract_line_id, category_id, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.contract_line_id = n.contract_line_id and w.category_id = n.category_id
