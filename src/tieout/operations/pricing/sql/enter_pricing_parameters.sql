-- question:   Enter these records (pricing_parameters): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_pricing_parameters_company_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, cost_overlap text, rate_type text, lists_on_win text
    )
),
written as (
    insert into operations_pricing_parameters as t (company_code, cost_overlap, rate_type, lists_on_win, version)
    select
        n.company,
        n.cost_overlap,
        n.rate_type,
        n.lists_on_win,
        1
    from n
    on conflict (company_code) do update set
        cost_overlap = excluded.cost_overlap,
        rate_type = excluded.rate_type,
        lists_on_win = excluded.lists_on_win,
        version = t.version + 1
    where (t.cost_overlap, t.rate_type, t.lists_on_win)
        is distinct from (excluded.cost_overlap, excluded.rate_type, excluded.lists_on_win)
    returning company_code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company
