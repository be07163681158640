-- question:   Enter these records (fixed_rate_agreement): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_fixed_rate_agreement_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, contract_id uuid, currency text, rate numeric
    )
),
written as (
    insert into finance_fixed_rate_agreement as t (company_code, contract_id, currency_code, rate)
    select n.company, n.contract_id, n.currency, n.rate
    from n
    on conflict (company_code, contract_id, currency_code) do update set
        rate = excluded.rate
    where t.rate is distinct from excluded.rate
    returning company_code, contract_id, currency_code, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company and w.contract_id = n.contract_id and w.currency_code = n.currency
