-- question:   Which of these records, as they are entered, belong to customers who do not share all of a line?
--             The percents total 100 and one customer with a share takes the rounding (operations spec 4.10); the
--             customers of a contract may also have no share at all.
-- grain:      one row per record that is to be refused, with what its customers come to
-- parameters: records
-- index:      operations_contract_line_customer_key, operations_contract_customer_key
with n as materialized (
    select n."row", n.contract_line_id, case when n.contract_line_id is null then n.contract_id end as contract_id
    from jsonb_to_recordset(%(records)s::jsonb) as n ("row" int, contract_id uuid, contract_line_id uuid)
),
shared as (
    select contract_line_id as holder_id, percent, is_rounding, true as is_line
    from operations_contract_line_customer
    where contract_line_id in (select n.contract_line_id from n)
    union all
    select contract_id, percent, is_rounding, false
    from operations_contract_customer
    where contract_id in (select n.contract_id from n)
),
judged as (
    select
        holder_id, sum(percent) as total, count(*) filter (where is_rounding) as roundings,
        count(*) filter (where is_rounding and percent > 0) as bearing, bool_or(is_line) as is_line
    from shared
    group by holder_id
)
select
    n."row",
    case when judged.total <> 100 then 'LOAD-344' else 'LOAD-345' end as outcome,
    case when judged.total <> 100 then 'percent' else 'is_rounding' end as field,
    case when judged.total <> 100 then trim_scale(judged.total)::text else judged.bearing::text end as stored,
    concat(contract.number, ' line ' || line.line_number) as value
from n
inner join judged on judged.holder_id = coalesce(n.contract_line_id, n.contract_id)
left join operations_contract_line line on line.id = n.contract_line_id
inner join operations_contract contract on contract.id = coalesce(line.contract_id, n.contract_id)
where (judged.total <> 100 and (judged.is_line or judged.total <> 0))
    or (judged.total = 100 and (judged.roundings <> 1 or judged.bearing <> 1))
