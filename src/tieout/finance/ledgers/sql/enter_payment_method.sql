-- question:   Enter these records (payment_method): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_payment_method_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n ("row" int, company text, code text, credits text, account text)
),
written as (
    insert into finance_payment_method as t (company_code, code, credits, account)
    select
        n.company,
        n.code,
        n.credits,
        coalesce(n.account, '')
    from n
    on conflict (company_code, code) do update set
        credits = excluded.credits,
        account = excluded.account
    where (t.credits, t.account) is distinct from (excluded.credits, excluded.account)
    returning company_code, code, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.code = n.code
