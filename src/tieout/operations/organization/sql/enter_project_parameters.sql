-- question:   Enter these records (project_parameters): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_project_parameters_company_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, interorganizational text, daily_minutes int, approval_threshold int,
        journal_validation text, general_journal_sales text
    )
),
written as (
    insert into operations_project_parameters as t (
        company_code, interorganizational, daily_minutes, approval_threshold, journal_validation,
        general_journal_sales, version
    )
    select
        n.company,
        n.interorganizational,
        n.daily_minutes,
        n.approval_threshold,
        n.journal_validation,
        n.general_journal_sales,
        1
    from n
    on conflict (company_code) do update set
        interorganizational = excluded.interorganizational,
        daily_minutes = excluded.daily_minutes,
        approval_threshold = excluded.approval_threshold,
        journal_validation = excluded.journal_validation,
        general_journal_sales = excluded.general_journal_sales,
        version = t.version + 1
    where (t.interorganizational, t.daily_minutes, t.approval_threshold, t.journal_validation, t.general_journal_sales)
        is distinct from (
            excluded.interorganizational, excluded.daily_minutes, excluded.approval_threshold,
            excluded.journal_validation, excluded.general_journal_sales
        )
    returning company_code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company
