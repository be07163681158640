-- question:   Enter these records (contract): which are new, which change, which are there already?
--             A contract that is confirmed stays as it is.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_number_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, number text, "name" text, customer_id uuid, company text, contracting_unit_id uuid,
        currency text, not_to_exceed numeric
    )
),
refused as materialized (
    select n."row", 'LOAD-351' as code, 'number' as field, t.state as stored, n.number as value
    from n
    inner join operations_contract t on t.number = n.number
    where t.state <> 'draft'
        and (t.name, t.customer_id, t.company_code, t.unit_id, t.currency_code, t.not_to_exceed)
        is distinct from (n.name, n.customer_id, n.company, n.contracting_unit_id, n.currency, n.not_to_exceed)
),
written as (
    insert into operations_contract as t (number, name, customer_id, company_code, unit_id, currency_code, not_to_exceed, version)
    select
        n.number,
        n.name,
        n.customer_id,
        n.company,
        n.contracting_unit_id,
        n.currency,
        n.not_to_exceed,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (number) do update set
        name = excluded.name,
        customer_id = excluded.customer_id,
        company_code = excluded.company_code,
        unit_id = excluded.unit_id,
        currency_code = excluded.currency_code,
        not_to_exceed = excluded.not_to_exceed,
        version = t.version + 1
    where (t.name, t.customer_id, t.company_code, t.unit_id, t.currency_code, t.not_to_exceed) is distinct from (excluded.name, excluded.customer_id, excluded.company_code, excluded.unit_id, excluded.currency_code, excluded.not_to_exceed)
    returning id, number, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'salesorders', id from written where outbox_captures('salesorders')
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
