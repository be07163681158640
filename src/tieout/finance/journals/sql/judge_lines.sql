-- question:   May each line of the slice be posted, on which date and to which accounts, and if not, what is its first
--             problem? The accounting date is decided again (finance spec 2.4): none open (PST-201), none open from
--             there on (PST-202). Then, each inside a PST-203 that says which: project closed (INT-701), no row of
--             the posting matrix (IMP-107), no integration account (DOC-107), no account in the posting profile
--             (DOC-101), no rate into the reporting currency (DOC-102).
-- grain:      one row of posting_verdict per line; code is null when it is good
-- parameters: company
-- index:      finance_posting_profile_key, finance_exchange_rate_key, finance_project_pkey, finance_category_pkey
create temporary table posting_verdict on commit drop as
with company as materialized (
    select c.code, c.accounting_currency, c.reporting_currency, i.auto_open_period
    from finance_company c
    join finance_integration_parameters i on i.company_code = c.code
    where c.code = %(company)s
),
dated as materialized (
    select
        d.wanted_date,
        d.accounting_date as posting_date,
        finance_rate(c.accounting_currency, c.reporting_currency, d.accounting_date) as reporting_rate
    from company c
    cross join finance_accounting_dates(
        c.code, array(select distinct l.accounting_date from posting_line l), c.auto_open_period
    ) d
),
account as materialized (
    select a.*
    from (
        select
            array_agg(x.posting_type) as posting_types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories
        from (
            select l.debit as posting_type, l.project_id, l.category_id from posting_line l where l.has_entries
            union
            select l.credit, l.project_id, l.category_id from posting_line l where l.has_entries
        ) x
    ) w
    cross join lateral finance_accounts(%(company)s, w.posting_types, w.projects, w.categories) a
),
found as (
    select
        l.*,
        d.posting_date,
        d.reporting_rate,
        p.number as project,
        p.stage,
        g.code as category,
        a.account as debit_account,
        b.account as credit_account,
        case
            when p.situation = 'closed' then 'INT-701'
            when not l.has_rule then 'IMP-107'
            when not l.has_entries then null
            when a.account is null then case when l.debit like '%%_integration' then 'DOC-107' else 'DOC-101' end
            when b.account is null then case when l.credit like '%%_integration' then 'DOC-107' else 'DOC-101' end
            when d.reporting_rate is null then 'DOC-102'
        end as reason,
        case when a.account is null then l.debit else l.credit end as posting_type
    from posting_line l
    join dated d on d.wanted_date = l.accounting_date
    left join finance_project p on p.id = l.project_id
    left join finance_category g on g.id = l.category_id
    left join account a
        on a.posting_type = l.debit and a.project_id = l.project_id and a.category_id = l.category_id
    left join account b
        on b.posting_type = l.credit and b.project_id = l.project_id and b.category_id = l.category_id
)
select
    f.id,
    f.journal_id,
    f.line_number,
    f.voucher,
    f.posting_date,
    f.reporting_rate,
    f.project_id,
    f.amount,
    f.currency_code,
    f.accounting_amount,
    f.source_id,
    f.has_entries,
    f.debit,
    f.credit,
    f.debit_account,
    f.credit_account,
    v.code,
    case
        when v.code = 'PST-203' then jsonb_build_object(
            'journal', f.journal, 'line_id', f.id, 'voucher', f.voucher, 'company', c.code,
            'reason_code', f.reason, 'reason', case f.reason
                when 'INT-701' then format('INT-701, project %%s is %%s', f.project, f.stage)
                when 'IMP-107' then 'IMP-107, no row of the posting matrix'
                when 'DOC-107' then format('DOC-107, no %%s account', replace(f.posting_type, '_', ' '))
                when 'DOC-101' then format(
                    'DOC-101, no %%s account for project %%s and category %%s',
                    replace(f.posting_type, '_', ' '), coalesce(f.project, f.project_id::text),
                    coalesce(f.category, 'none'))
                when 'DOC-102' then format(
                    'DOC-102, no exchange rate from %%s to %%s on %%s',
                    c.accounting_currency, c.reporting_currency, f.posting_date)
            end)
        when v.code is not null then jsonb_build_object(
            'accounting_date', f.accounting_date, 'journal', f.journal, 'line_id', f.id, 'voucher', f.voucher,
            'company', c.code)
    end as details,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')) end as voucher_id
from found f
cross join company c
cross join lateral (
    select case
        when f.posting_date is null and not c.auto_open_period then 'PST-201'
        when f.posting_date is null then 'PST-202'
        when f.reason is not null then 'PST-203'
    end as code
) v
order by f.journal_id, f.line_number
