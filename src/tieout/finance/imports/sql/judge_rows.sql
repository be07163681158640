-- question:   May each actual in hand become a journal line, and if not, what is its first problem? In this order
--             (finance spec 2.3): exchange rate (IMP-104), project (DW-205), category (IMP-105), line property
--             (IMP-106), no row of the posting matrix or one that says not applicable (IMP-108), a project of a
--             company that this kind of actual may not name (IMP-109), a company to which this one does not lend
--             (IMP-103), no profile of a sold project (IMP-107), billed sales: they never go to the integration
--             journal, and wait for their invoice proposal (IMP-110) unless they are beginning balances, the reversal of an actual that has no journal
--             line, nor gets one now (IMP-111).
--             Every class needs a project. A category that is named must be there; none need be named: fees,
--             What names none is booked under the default of the company for its class, which must be there too;
--             where there is no default it takes the accounts of the project or of all. Lent work that names none is
--             booked under that of the lending relationship.
--             A sale is worth its amount less its discount; its fee is a part of the line, booked under the default
--             category of fees (finance spec 2.3, 2.5.1).
--             Nothing is asked of role and resource: no account depends on them.
--             An actual born in finance keeps the accounting amount and rate that it was posted with, and a reversal
--             those of the line that it reverses; a sale is converted at the fixed rate that its contract agrees on,
--             any other actual at the last known rate of its transaction date, which is that of an original in the same
--             batch too.
-- grain:      one row of import_batch per actual; code is null when it is good; position counts the good rows of
--             a period key, by transaction date
-- parameters: company, kind
-- index:      finance_project_pkey, finance_category_pkey, finance_line_property_key, finance_posting_rule_key,
--             finance_exchange_rate_key, finance_fixed_rate_agreement_key,
--             finance_contract_line_pkey, finance_journal_line_made, finance_journal_move_key
create temporary table import_batch on commit drop as
with company as materialized (
    select c.accounting_currency, y.digits, i.period_unit, i.product_receipt_to_ledger
    from finance_company c
    join finance_currency y on y.code = c.accounting_currency
    join finance_integration_parameters i on i.company_code = c.code
    where c.code = %(company)s
),
-- the default category of each class; no id: the company names one that is not there
usual as materialized (
    select
        u.transaction_class,
        u.code,
        (select g.id from finance_category g where g.code = u.code order by g.id limit 1) as category_id
    from finance_integration_parameters i
    cross join lateral (
        values
        ('time', i.default_time_category),
        ('expense', i.default_expense_category),
        ('material', i.default_item_category),
        ('fee', i.default_fee_category)
    ) u (transaction_class, code)
    where i.company_code = %(company)s and u.code <> ''
),
kind as materialized (
    select
        k.*,
        lp.line_property,
        coalesce(lp.accrue_revenue and k.billing_type = 'chargeable', false) as may_accrue
    from (
        select distinct
            s.transaction_type,
            s.transaction_class,
            s.source_kind,
            s.billing_type,
            s.project_id,
            coalesce(s.contract_line_id, '00000000-0000-0000-0000-000000000000') as contract_line_id,
            e.never_enters
        from import_row s
        cross join company c
        cross join lateral (
            select finance_never_enters(
                c.product_receipt_to_ledger, s.transaction_type, s.transaction_class, s.source_kind, s.subcontract
            ) as never_enters
        ) e
    ) k
    left join finance_line_property lp on lp.company_code = %(company)s and lp.billing_type = k.billing_type
),
treated as materialized (
    select t.*
    from (
        select
            array_agg(k.transaction_type) as transaction_types,
            array_agg(k.transaction_class) as transaction_classes,
            array_agg(k.project_id) as projects,
            array_agg(k.contract_line_id) as contract_lines,
            array_agg(k.may_accrue) as accruals
        from (
            select distinct k.transaction_type, k.transaction_class, k.project_id, k.contract_line_id, k.may_accrue
            from kind k
        ) k
    ) w
    cross join lateral finance_treatments(
        %(company)s, w.transaction_types, w.transaction_classes, w.projects, w.contract_lines, w.accruals
    ) t
),
agreed as materialized (
    -- the contract that takes the work: of its own contract line, else of its project
    select
        k.project_id,
        k.contract_line_id,
        a.currency_code,
        a.rate
    from (select distinct k.project_id, k.contract_line_id from kind k) k
    join finance_project p on p.id = k.project_id
    join finance_contract_line l
        on l.id = case
            when k.contract_line_id = '00000000-0000-0000-0000-000000000000' then p.contract_line_id
            else k.contract_line_id
        end
    join finance_fixed_rate_agreement a on a.company_code = %(company)s and a.contract_id = l.contract_id
),
resolved as materialized (
    select
        k.*,
        coalesce(t.category_id, u.category_id) as usual_category_id,
        case when t.category_id is null and u.category_id is null then u.code end as unknown_category,
        p.number as project,
        p.company_code as project_company,
        case
            when p.id is null then 'DW-205'
            when k.line_property is null then 'IMP-106'
            when r.goes_to is null or r.goes_to in ('not_applicable', 'at_source') then 'IMP-108'
            when (p.company_code = %(company)s) <> (r.project_company = 'own') then 'IMP-109'
            when t.code is not null then t.code
            when r.goes_to = 'invoice_proposal' and %(kind)s = 'integration' then 'IMP-110'
        end as code
    from kind k
    left join treated t
        on t.project_id = k.project_id and t.contract_line_id = k.contract_line_id and t.may_accrue = k.may_accrue
        and t.transaction_type = k.transaction_type and t.transaction_class = k.transaction_class
    left join finance_posting_rule r
        on r.transaction_type = k.transaction_type
        and r.transaction_class = k.transaction_class
        and r.source_kind = k.source_kind
        and r.treatment = case when k.never_enters then 'never_ledger' else t.treatment end
    left join usual u on u.transaction_class = k.transaction_class
    left join finance_project p on p.id = k.project_id
),
judged as materialized (
    select
        s.actual_id,
        s.made,
        s.transaction_type,
        s.transaction_class,
        s.project_id,
        s.contract_line_id,
        coalesce(s.category_id, k.usual_category_id) as category_id,
        s.transaction_date,
        s.accounting_date,
        s.quantity,
        s.price,
        s.amount - s.discount_amount + s.fee_amount as amount,
        s.discount_amount,
        s.fee_amount,
        case when s.fee_amount <> 0 then w.category_id end as fee_category_id,
        s.currency_code,
        s.source_kind,
        s.source_id,
        s.reverses_id,
        s.subcontract,
        k.line_property,
        k.may_accrue,
        m.rate as exchange_rate,
        coalesce(
            s.accounting_amount, -o.accounting_amount,
            round((s.amount - s.discount_amount + s.fee_amount) * m.rate / 100, c.digits)
        ) as accounting_amount,
        coalesce(-o.fee_accounting_amount, round(s.fee_amount * m.rate / 100, c.digits)) as fee_accounting_amount,
        case c.period_unit
            when 'days' then s.transaction_date
            when 'months' then date_trunc('month', s.transaction_date::timestamp)::date
            when 'years' then date_trunc('year', s.transaction_date::timestamp)::date
            else date '1900-01-01'
        end as period_key,
        s.reverses_id is not null and o.accounting_amount is null as is_first,
        v.code,
        case v.code
            when 'IMP-104' then jsonb_build_object(
                'from_currency', s.currency_code, 'to_currency', c.accounting_currency,
                'rate_date', s.transaction_date)
            when 'DW-205' then jsonb_build_object(
                'record', s.actual_id, 'map', 'msdyn_actuals', 'field', 'project', 'value', s.project_id)
            when 'IMP-105' then jsonb_build_object(
                'category', coalesce(s.category_id::text, k.unknown_category, w.code), 'company', s.company_code)
            when 'IMP-106' then jsonb_build_object('billing_type', s.billing_type, 'company', s.company_code)
            when 'IMP-108' then jsonb_build_object(
                'transaction_type', replace(s.transaction_type, '_', ' '), 'transaction_class', s.transaction_class,
                'source_kind', replace(s.source_kind, '_', ' '), 'company', s.company_code)
            when 'IMP-109' then jsonb_build_object(
                'transaction_type', replace(s.transaction_type, '_', ' '), 'company', s.company_code,
                'project', k.project, 'project_company', k.project_company)
            when 'IMP-103' then jsonb_build_object(
                'lending_company', s.company_code, 'borrowing_company', k.project_company)
            when 'IMP-107' then jsonb_build_object('project', k.project, 'company', s.company_code)
            when 'IMP-110' then jsonb_build_object(
                'transaction_class', s.transaction_class, 'amount', trim_scale(s.amount), 'currency', s.currency_code,
                'project', k.project, 'company', s.company_code)
        end || jsonb_build_object('actual_id', s.actual_id) as details
    from import_row s
    cross join company c
    -- each row has its kind; a left join keeps the planner from believing that almost none has
    left join resolved k
        on k.project_id = s.project_id
        and k.contract_line_id = coalesce(s.contract_line_id, '00000000-0000-0000-0000-000000000000')
        and k.transaction_type = s.transaction_type and k.transaction_class = s.transaction_class
        and k.source_kind = s.source_kind and k.billing_type = s.billing_type
        and k.never_enters = finance_never_enters(
            c.product_receipt_to_ledger, s.transaction_type, s.transaction_class, s.source_kind, s.subcontract
        )
    left join agreed f
        on f.project_id = s.project_id
        and f.contract_line_id = coalesce(s.contract_line_id, '00000000-0000-0000-0000-000000000000')
        and f.currency_code = s.currency_code
        and s.transaction_type in ('unbilled_sales', 'billed_sales')
    left join finance_category g on g.id = s.category_id
    left join usual w on w.transaction_class = 'fee'
    -- limit 1 keeps this one probe per reversal, and none for any other row
    left join lateral (
        select l.exchange_rate, l.accounting_amount, l.fee_accounting_amount
        from finance_integration_journal_line l
        where l.actual_id = s.reverses_id
            and not exists (
                select from finance_journal_line_move x where x.line_id = l.id and x.to_journal_id is null
            )
        limit 1
    ) o on true
    cross join lateral (
        select case
            when s.exchange_rate is not null and s.accounting_amount is not null then s.exchange_rate
            when o.exchange_rate is not null then o.exchange_rate
            when s.currency_code = c.accounting_currency then 100
            when f.rate is not null then f.rate
            else finance_rate(s.currency_code, c.accounting_currency, s.transaction_date)
        end as rate
    ) m
    cross join lateral (
        select case
            when m.rate is null then 'IMP-104'
            when k.code = 'DW-205' then k.code
            when s.category_id is not null and g.id is null then 'IMP-105'
            when s.category_id is null and k.unknown_category is not null then 'IMP-105'
            when s.fee_amount <> 0 and w.code is not null and w.category_id is null then 'IMP-105'
            else k.code
        end as code
    ) v
)
select
    j.*,
    row_number() over (partition by j.period_key, j.code is null order by j.transaction_date, j.actual_id) as position
from (
    select
        g.actual_id, g.made, g.transaction_type, g.transaction_class, g.project_id, g.contract_line_id, g.category_id,
        g.transaction_date, g.accounting_date, g.quantity, g.price, g.amount, g.currency_code, g.discount_amount,
        g.fee_amount, g.fee_accounting_amount, g.fee_category_id, g.source_kind,
        g.source_id, g.reverses_id, g.subcontract, g.line_property, g.may_accrue, g.exchange_rate, g.accounting_amount, g.period_key,
        coalesce(g.code, w.code) as code,
        case
            when w.code is null then g.details
            else jsonb_build_object('actual_id', g.actual_id, 'original', g.reverses_id, 'company', %(company)s::text)
        end as details
    from judged g
    cross join lateral (
        select case
            when g.code is null and g.is_first
                and g.reverses_id not in (select x.actual_id from judged x where x.code is null)
            then 'IMP-111'
        end as code
    ) w
) j
