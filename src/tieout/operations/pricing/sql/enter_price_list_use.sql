-- question:   Enter these records (price_list_use): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_price_list_use_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, price_list_id uuid, organizational_unit_id uuid, contract_id uuid, subcontract_id uuid, company text,
        active int
    )
),
written as (
    insert into operations_price_list_use as t (
        price_list_id, unit_id, contract_id, subcontract_id, company_code, is_active
    )
    select n.price_list_id, n.organizational_unit_id, n.contract_id, n.subcontract_id, n.company, n.active = 1
    from n
    on conflict (price_list_id, unit_id, contract_id, subcontract_id, company_code) do update set
        is_active = excluded.is_active,
        version = t.version + 1
    where t.is_active is distinct from excluded.is_active
    returning price_list_id, unit_id, contract_id, subcontract_id, company_code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.price_list_id = n.price_list_id
    and w.unit_id is not distinct from n.organizational_unit_id
    and w.contract_id is not distinct from n.contract_id
    and w.subcontract_id is not distinct from n.subcontract_id
    and w.company_code is not distinct from n.company
