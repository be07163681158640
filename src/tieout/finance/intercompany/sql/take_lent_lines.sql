-- question:   Which interorganizational sales has a lender still to invoice? Those of its worklist: a sale that no line of it
--             takes back, and a line that takes back a sale which was invoiced. A sale is worth its amount at the rate of
--             the invoice date, in the reporting currency at the rate of that date or as it was sold; what is credited is
--             worth what its invoice posted, on the accounts and with the dimensions of that. A line has the dimensions with
--             which it was posted; one that posted nothing, because its lender does not accrue, those that it would have
--             had: of the borrower as a customer, else of the project. On top comes the sales tax that the borrower as
--             a customer is charged for its category, rounded line by line and tax by tax (finance spec 2.8, 2.11).
-- grain:      one row of lent_line per line after `after_*`, at most lines_max, in the order of the invoices that they are
--             on: by borrower, currency, whether it is a credit, and project if by_project; a blank borrower or project: of all
-- parameters: company, borrowing_company, project, until, invoice_date, by_project, after_company,
--             after_currency, after_project, after_credit, after_line, lines_max
-- index:      finance_lent_queue_of, finance_integration_journal_line_pkey, finance_voucher_document_id_key,
--             finance_journal_line_reverses, finance_journal_line_made, finance_intercompany_line_billed,
--             finance_voucherline_pkey, finance_staged_actual_pkey, finance_exchange_rate_key,
--             finance_posting_profile_key, finance_dimension_default_key, finance_lending_relationship_key,
--             finance_sales_tax_group_use_key, finance_sales_tax_group_key
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
    select
        q.line_id,
        v.id as voucher_id,
        q.borrowing_company,
        q.currency_code,
        case when %(by_project)s then q.project_id else '00000000-0000-0000-0000-000000000000' end as invoice_project_id,
        q.is_credit,
        q.project_id,
        coalesce(n.customer_id, q.project_id) as giver_id,
        l.category_id,
        q.transaction_date,
        l.quantity,
        l.price,
        l.amount,
        l.source_id,
        b.id as credits_id,
        b.invoice_id as credited_invoice_id,
        o.source_id as credited_source_id,
        b.exchange_rate as credited_rate,
        -b.accounting_amount as credited_accounting_amount,
        -b.reporting_amount as credited_reporting_amount,
        -b.tax_amount as credited_tax_amount,
        -b.tax_accounting_amount as credited_tax_accounting_amount,
        -b.tax_reporting_amount as credited_tax_reporting_amount,
        n.customer_id,
        (select max(e.dimension_set_id) from finance_voucher_line e where e.voucher_id = v.id) as posted_set,
        coalesce(
            (
                select a.resource_id
                from finance_staged_actual a
                join finance_integration_parameters i on i.company_code = %(company)s and i.worker_dimensions
                where l.source_kind not in ('vendor_invoice_line', 'expense') and a.actual_id = l.actual_id
            ),
            '00000000-0000-0000-0000-000000000000'
        ) as resource_id
    from finance_lent_queue q
    join finance_integration_journal_line l on l.id = q.line_id
    join finance_voucher v on v.document_id = q.line_id
    join finance_project p on p.id = q.project_id
    left join finance_lending_relationship n
        on n.company_code = %(company)s and n.borrowing_company = q.borrowing_company
    left join finance_integration_journal_line o on q.is_credit and o.actual_id = l.reverses_id
    left join finance_intercompany_invoice_line b on b.journal_line_id = o.id
    where q.company_code = %(company)s
        and (q.borrowing_company, q.currency_code, q.is_credit, q.project_id, q.line_id)
        > (%(after_company)s, %(after_currency)s, %(after_credit)s, %(after_project)s::uuid, %(after_line)s::uuid)
        and q.transaction_date <= %(until)s
        and (%(borrowing_company)s = '' or q.borrowing_company = %(borrowing_company)s)
        and (%(project)s = '' or p.number = %(project)s)
        and case
            when q.is_credit then b.id is not null
            else not exists (
                select
                from finance_integration_journal_line r
                join finance_lent_queue w on w.line_id = r.id
                where r.reverses_id = l.actual_id
            )
        end
    order by q.borrowing_company, q.currency_code, q.is_credit, q.project_id, q.line_id
    limit %(lines_max)s
),
-- Lines of one invoice with the same source have one project and category, and so one account and combination.
credited as materialized (
    select distinct on (v.document_id, e.posting_type, e.source_line_id)
        v.document_id as invoice_id, e.posting_type, e.source_line_id, e.account, coalesce(s.combination, '{}') as combination
    from (select distinct d.credited_invoice_id from due d where d.is_credit) x
    join finance_voucher v on v.document_id = x.credited_invoice_id
    join finance_voucher_line e on e.voucher_id = v.id and e.posting_type in ('customer', 'intercompany_revenue', 'tax_payable')
    left join finance_dimension_set s on s.id = e.dimension_set_id
    order by v.document_id, e.posting_type, e.source_line_id, e.line_no
),
rated as materialized (
    select x.currency_code, finance_rate(x.currency_code, c.accounting_currency, %(invoice_date)s) as rate
    from (select distinct d.currency_code from due d) x
    cross join company c
),
account as materialized (
    select a.*
    from (
        select
            array_agg('intercompany_revenue'::text) as types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories,
            array_agg(x.borrowing_company) as partners
        from (
            select distinct
                d.project_id,
                coalesce(d.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
                d.borrowing_company
            from due d
        ) x
    ) w
    cross join lateral finance_partner_accounts(%(company)s, w.types, w.projects, w.categories, w.partners) a
),
combined as materialized (
    select c.*
    from (
        select
            array_agg(x.giver_id) as givers, array_agg(x.resource_id) as resources, array_agg(false) as resource_wins
        from (select distinct d.giver_id, d.resource_id from due d where d.posted_set is null) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.givers, w.resources, w.resource_wins) c
),
taxed as materialized (
    select t.customer_id, t.category_id, t.percent
    from (
        select array_agg(x.customer_id) as customers, array_agg(x.category_id) as categories
        from (select distinct d.customer_id, d.category_id from due d where not d.is_credit) x
    ) w
    cross join lateral finance_customer_taxes(%(company)s, w.customers, w.categories) t
),
valued as (
    select
        d.*,
        d.amount_of_tax as tax_amount,
        coalesce(d.credited_tax_accounting_amount, round(d.amount_of_tax * t.rate / 100, c.digits)) as tax_accounting_amount,
        coalesce(d.credited_rate, t.rate) as exchange_rate,
        coalesce(d.credited_accounting_amount, round(d.amount * t.rate / 100, c.digits)) as accounting_amount,
        c.reporting_currency,
        c.reporting_rate,
        c.reporting_digits
    from (
        select
            x.*,
            case
                when x.is_credit then x.credited_tax_amount
                else coalesce(
                    (
                        select sum(round(x.amount * e.percent / 100, y.digits))
                        from taxed e
                        where e.customer_id = x.customer_id and e.category_id = x.category_id
                    ),
                    0
                )
            end as amount_of_tax
        from due x
        join finance_currency y on y.code = x.currency_code
    ) d
    join rated t on t.currency_code = d.currency_code
    cross join company c
)
select
    dense_rank() over (order by d.borrowing_company, d.currency_code, d.is_credit, d.invoice_project_id) as place,
    row_number() over (
        partition by d.borrowing_company, d.currency_code, d.is_credit, d.invoice_project_id
        order by d.project_id, d.line_id
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
    d.tax_amount,
    d.tax_accounting_amount,
    case
        when d.is_credit then d.credited_tax_reporting_amount
        when d.currency_code = d.reporting_currency then d.tax_amount
        else round(d.tax_accounting_amount * d.reporting_rate / 100, d.reporting_digits)
    end as tax_reporting_amount,
    coalesce(k.account, a.account) as revenue_account,
    coalesce(k.combination, s.combination, c.combination, '{}') as combination,
    m.account as credited_account,
    coalesce(m.combination, '{}') as credited_combination,
    x.account as credited_tax_account
from valued d
left join credited k
    on k.invoice_id = d.credited_invoice_id and k.posting_type = 'intercompany_revenue'
    and k.source_line_id = d.credited_source_id
left join credited m on m.invoice_id = d.credited_invoice_id and m.posting_type = 'customer'
left join credited x on x.invoice_id = d.credited_invoice_id and x.posting_type = 'tax_payable'
left join finance_dimension_set s on s.id = d.posted_set
left join combined c on d.posted_set is null and c.giver_id = d.giver_id and c.owner_id = d.resource_id
left join account a
    on a.project_id = d.project_id
    and a.category_id = coalesce(d.category_id, '00000000-0000-0000-0000-000000000000')
    and a.partner_company = d.borrowing_company
