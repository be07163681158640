-- question:   Which interorganizational sales has a lender still to invoice? Posted lines that no invoice names: a sale that
--             no posted line takes back, and a line that takes back a sale which was invoiced. A sale that was taken back
--             before its invoice is on none, nor is the line that took it back; what came in as a beginning balance was
--             invoiced before. A sale is worth its amount at the rate of the invoice date, in the reporting currency at the
--             rate of that date or as it was sold; what is credited is worth what its invoice posted.
-- grain:      one row of lent_line per line after `after_*`, at most lines_max, in the order of the invoices that they are
--             on: by borrower, currency, project if by_project, and whether it is a credit; a blank borrower or project: of all
-- parameters: company, borrowing_company, project, until, invoice_date, by_project, after_company,
--             after_currency, after_project, after_credit, after_line, lines_max
-- index:      finance_journal_line_lent, finance_voucher_document_id_key, finance_journal_line_reverses,
--             finance_journal_line_made, finance_intercompany_line_billed, finance_exchange_rate_key
create temporary table lent_line on commit drop as
with company as materialized (
    select
        c.accounting_currency,
        c.reporting_currency,
        own.digits,
        reporting.digits as reporting_digits,
        finance_rate(c.accounting_currency, c.reporting_currency, %(invoice_date)s) as reporting_rate
    from finance_company c
    join finance_currency own on own.code = c.accounting_currency
    join finance_currency reporting on reporting.code = c.reporting_currency
    where c.code = %(company)s
),
due as materialized (
    select *
    from (
        select
            l.id as line_id,
            v.id as voucher_id,
            p.company_code as borrowing_company,
            l.currency_code,
            case when %(by_project)s then l.project_id else '00000000-0000-0000-0000-000000000000' end as invoice_project_id,
            l.reverses_id is not null as is_credit,
            l.project_id,
            l.category_id,
            l.transaction_date,
            l.quantity,
            l.price,
            l.amount,
            l.source_id,
            b.id as credits_id,
            b.exchange_rate as credited_rate,
            -b.accounting_amount as credited_accounting_amount,
            -b.reporting_amount as credited_reporting_amount
        from finance_integration_journal_line l
        join finance_integration_journal j on j.id = l.journal_id and j.kind = 'integration'
        join finance_voucher v on v.document_id = l.id
        join finance_project p on p.id = l.project_id
        left join finance_integration_journal_line o on o.actual_id = l.reverses_id
        left join finance_intercompany_invoice_line b on b.journal_line_id = o.id
        where l.company_code = %(company)s
            and l.transaction_type = 'interorganizational_sales'
            and l.transaction_date <= %(until)s
            and (%(borrowing_company)s = '' or p.company_code = %(borrowing_company)s)
            and (%(project)s = '' or p.number = %(project)s)
            and not exists (select from finance_intercompany_invoice_line x where x.journal_line_id = l.id)
            and case
                when l.reverses_id is not null then b.id is not null
                else not exists (
                    select
                    from finance_integration_journal_line r
                    join finance_voucher w on w.document_id = r.id
                    where r.reverses_id = l.actual_id
                )
            end
    ) d
    where (d.borrowing_company, d.currency_code, d.invoice_project_id, d.is_credit, d.line_id)
        > (%(after_company)s, %(after_currency)s, %(after_project)s::uuid, %(after_credit)s, %(after_line)s::uuid)
    order by d.borrowing_company, d.currency_code, d.invoice_project_id, d.is_credit, d.line_id
    limit %(lines_max)s
),
rated as materialized (
    select x.currency_code, finance_rate(x.currency_code, c.accounting_currency, %(invoice_date)s) as rate
    from (select distinct d.currency_code from due d) x
    cross join company c
),
account as materialized (
    select a.*
    from (
        select array_agg('intercompany_revenue'::text) as types, array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories
        from (
            select distinct d.project_id, coalesce(d.category_id, '00000000-0000-0000-0000-000000000000') as category_id
            from due d
        ) x
    ) w
    cross join lateral finance_accounts(%(company)s, w.types, w.projects, w.categories) a
),
valued as (
    select
        d.*,
        coalesce(d.credited_rate, t.rate) as exchange_rate,
        coalesce(d.credited_accounting_amount, round(d.amount * t.rate / 100, c.digits)) as accounting_amount,
        c.reporting_currency,
        c.reporting_rate,
        c.reporting_digits
    from due d
    join rated t on t.currency_code = d.currency_code
    cross join company c
)
select
    dense_rank() over (order by d.borrowing_company, d.currency_code, d.invoice_project_id, d.is_credit) as place,
    row_number() over (
        partition by d.borrowing_company, d.currency_code, d.invoice_project_id, d.is_credit order by d.line_id
    ) as line_number,
    d.line_id,
    d.voucher_id,
    d.borrowing_company,
    d.currency_code,
    d.invoice_project_id,
    d.is_credit,
    d.project_id,
    d.category_id,
    d.transaction_date,
    d.quantity,
    d.price,
    d.amount,
    d.source_id,
    d.credits_id,
    d.exchange_rate,
    d.accounting_amount,
    case
        when d.is_credit then d.credited_reporting_amount
        when d.currency_code = d.reporting_currency then d.amount
        else round(d.accounting_amount * d.reporting_rate / 100, d.reporting_digits)
    end as reporting_amount,
    a.account as revenue_account
from valued d
left join account a
    on a.project_id = d.project_id
    and a.category_id = coalesce(d.category_id, '00000000-0000-0000-0000-000000000000')
