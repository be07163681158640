-- question:   Enter these records (account_dimension): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_account_dimension_key
with n as materialized (
    select n."row", n.company, n.account, coalesce(n.last_account, '') as last_account, n.dimension, n.demand
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, account text, last_account text, dimension text, demand text
    )
),
written as (
    insert into finance_account_dimension as t (company_code, account, last_account, dimension, demand)
    select
        n.company,
        n.account,
        n.last_account,
        n.dimension,
        n.demand
    from n
    on conflict (company_code, account, last_account, dimension) do update set
        demand = excluded.demand
    where t.demand is distinct from excluded.demand
    returning company_code, account, last_account, dimension, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company and w.account = n.account and w.last_account = n.last_account
    and w.dimension = n.dimension
