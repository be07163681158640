-- question:   May each actual in hand become a journal line, and if not, what is its first problem? In this order
--             (finance spec 2.3): exchange rate (IMP-104), project (DW-205), category (IMP-105), line property
--             (IMP-106), no row of the posting matrix or one that says not applicable (IMP-108), a project of a
--             company that this kind of actual may not name (IMP-109), billed sales: they never go to the
--             integration journal, and wait for their invoice proposal (IMP-110).
--             Every class needs a project. A category that is named must be there; none need be named: fees,
--             retainers and material usage may have none, and then take the accounts of the project or of all.
--             Nothing is asked of role and resource: no account depends on them.
--             An actual born in finance keeps the accounting amount and rate that it was posted with; any other
--             is converted at the last known rate of its transaction date.
-- grain:      one row of import_batch per actual; code is null when it is good; position counts the good rows of
--             a period key, by transaction date
-- parameters: company
-- index:      finance_project_pkey, finance_category_pkey, finance_line_property_key, finance_posting_rule_key,
--             finance_exchange_rate_key
create temporary table import_batch on commit drop as
select
    j.*,
    row_number() over (partition by j.period_key, j.code is null order by j.transaction_date, j.actual_id) as position
from (
    select
        s.actual_id,
        s.transaction_type,
        s.transaction_class,
        s.project_id,
        s.category_id,
        s.transaction_date,
        s.accounting_date,
        s.quantity,
        s.price,
        s.amount,
        s.currency_code,
        s.source_kind,
        s.source_id,
        lp.line_property,
        m.rate as exchange_rate,
        coalesce(s.accounting_amount, round(s.amount * m.rate / 100, c.digits)) as accounting_amount,
        case c.period_unit
            when 'days' then s.transaction_date
            when 'months' then date_trunc('month', s.transaction_date::timestamp)::date
            when 'years' then date_trunc('year', s.transaction_date::timestamp)::date
            else date '1900-01-01'
        end as period_key,
        v.code,
        case v.code
            when 'IMP-104' then jsonb_build_object(
                'from_currency', s.currency_code, 'to_currency', c.accounting_currency,
                'rate_date', s.transaction_date)
            when 'DW-205' then jsonb_build_object(
                'record', s.actual_id, 'map', 'msdyn_actuals', 'field', 'project', 'value', s.project_id)
            when 'IMP-105' then jsonb_build_object('category', s.category_id, 'company', s.company_code)
            when 'IMP-106' then jsonb_build_object('billing_type', s.billing_type, 'company', s.company_code)
            when 'IMP-108' then jsonb_build_object(
                'transaction_type', replace(s.transaction_type, '_', ' '), 'transaction_class', s.transaction_class,
                'source_kind', replace(s.source_kind, '_', ' '), 'company', s.company_code)
            when 'IMP-109' then jsonb_build_object(
                'transaction_type', replace(s.transaction_type, '_', ' '), 'company', s.company_code,
                'project', p.number, 'project_company', p.company_code)
            when 'IMP-110' then jsonb_build_object(
                'transaction_class', s.transaction_class, 'amount', trim_scale(s.amount), 'currency', s.currency_code,
                'project', p.number, 'company', s.company_code)
        end || jsonb_build_object('actual_id', s.actual_id) as details
    from import_row s
    cross join (
        select c.accounting_currency, y.digits, i.period_unit
        from finance_company c
        join finance_currency y on y.code = c.accounting_currency
        join finance_integration_parameters i on i.company_code = c.code
        where c.code = %(company)s
    ) c
    cross join lateral (
        select case
            when s.exchange_rate is not null and s.accounting_amount is not null then s.exchange_rate
            when s.currency_code = c.accounting_currency then 100
            else finance_rate(s.currency_code, c.accounting_currency, s.transaction_date)
        end as rate
    ) m
    left join finance_project p on p.id = s.project_id
    left join finance_category g on g.id = s.category_id
    left join finance_line_property lp on lp.company_code = s.company_code and lp.billing_type = s.billing_type
    left join finance_posting_rule r
        on r.transaction_type = s.transaction_type
        and r.transaction_class = s.transaction_class
        and r.source_kind = s.source_kind
    cross join lateral (
        select case
            when m.rate is null then 'IMP-104'
            when p.id is null then 'DW-205'
            when s.category_id is not null and g.id is null then 'IMP-105'
            when lp.line_property is null then 'IMP-106'
            when r.goes_to is null or r.goes_to = 'not_applicable' then 'IMP-108'
            when (p.company_code = s.company_code) <> (r.project_company = 'own') then 'IMP-109'
            when r.goes_to = 'invoice_proposal' then 'IMP-110'
        end as code
    ) v
) j
