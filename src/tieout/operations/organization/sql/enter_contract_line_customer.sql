-- question:   Enter these records (contract_line_customer): which are new, which change, which are there already?
--             The customers are of the contract's company. A customer of a line is one of the
--             contract too, with zero percent (operations spec 4.10).
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_customer_key
with n as materialized (
    select n.*, c.company_code
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_id uuid, contract_line_id uuid, company text, customer text, customer_id uuid,
        percent numeric, is_rounding int, not_to_exceed numeric
    )
    inner join operations_contract c on c.id = n.contract_id
),
refused as materialized (
    select n."row", 'LOAD-347' as code, 'customer' as field, n.company_code as stored, n.customer as value
    from n
    where n.company <> n.company_code
),
written as (
    insert into operations_contract_line_customer as t (
        contract_line_id, customer_id, percent, is_rounding, not_to_exceed, version
    )
    select
        n.contract_line_id,
        n.customer_id,
        n.percent,
        n.is_rounding = 1,
        n.not_to_exceed,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (contract_line_id, customer_id) do update set
        percent = excluded.percent,
        is_rounding = excluded.is_rounding,
        not_to_exceed = excluded.not_to_exceed,
        version = t.version + 1
    where (t.percent, t.is_rounding, t.not_to_exceed) is distinct from (excluded.percent, excluded.is_rounding, excluded.not_to_exceed)
    returning contract_line_id, customer_id, version = 1 as is_new
),
customers as (
    insert into operations_contract_customer (contract_id, customer_id, percent, is_rounding, not_to_exceed, version)
    select distinct n.contract_id, n.customer_id, 0, false, null::numeric, 1
    from n
    inner join written w on w.contract_line_id = n.contract_line_id and w.customer_id = n.customer_id
    on conflict (contract_id, customer_id) do nothing
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
left join written w on w.contract_line_id = n.contract_line_id and w.customer_id = n.customer_id
left join refused r on r."row" = n."row"
