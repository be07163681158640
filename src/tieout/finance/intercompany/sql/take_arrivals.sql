-- question:   Which invoices of lenders are to be made pending vendor invoices of a borrower, and can they be? Refused are
--             those of a lender that is no vendor here (DOC-122), those whose number that vendor has here already, or an
--             older one of this batch takes (DOC-123),
--             those without a rate into the accounting currency on the invoice date (DOC-102), and credits of an invoice that
--             is not here yet (DOC-124). Invoices are made first, then credits.
-- grain:      one row of arrival per invoice above `after`, as many as have lines_max lines, or one
-- parameters: company, is_credit, after, lines_max
-- index:      finance_intercompany_queue_of, finance_intercompany_invoice_pkey, finance_lending_relationship_key,
--             finance_intercompany_vendor_number, finance_intercompany_line_key
create temporary table arrival on commit drop as
with waiting as materialized (
    select
        q.invoice_id,
        q.code as code_before,
        i.company_code as lending_company,
        i.number,
        i.is_credit,
        i.invoice_date,
        i.currency_code,
        i.line_count,
        i.amount,
        i.tax_amount,
        sum(i.line_count) over (order by q.invoice_id) - i.line_count as lines_before
    from (
        select w.invoice_id, w.code
        from finance_intercompany_queue w
        join finance_intercompany_invoice x on x.id = w.invoice_id and x.is_credit = %(is_credit)s
        where w.company_code = %(company)s and w.invoice_id > %(after)s and w.vendor_invoice_id is null
        order by w.invoice_id
        limit %(lines_max)s
    ) q
    join finance_intercompany_invoice i on i.id = q.invoice_id
),
judged as materialized (
    select
        w.*,
        r.vendor_id,
        c.accounting_currency,
        c.digits,
        c.rate,
        case
            when r.vendor_id is null then 'DOC-122'
            when exists (
                select
                from finance_intercompany_vendor_invoice x
                where x.company_code = %(company)s and x.vendor_id = r.vendor_id and x.number = w.number
            ) then 'DOC-123'
            when not w.is_credit and c.rate is null then 'DOC-102'
            when w.is_credit and exists (
                select
                from finance_intercompany_invoice_line l
                where l.invoice_id = w.invoice_id
                    and not exists (
                        select from finance_intercompany_vendor_invoice_line o where o.invoice_line_id = l.credits_id
                    )
            ) then 'DOC-124'
        end as fault
    from waiting w
    cross join lateral (
        select c.accounting_currency, y.digits, finance_rate(w.currency_code, c.accounting_currency, w.invoice_date) as rate
        from finance_company c
        join finance_currency y on y.code = c.accounting_currency
        where c.code = %(company)s
    ) c
    left join finance_lending_relationship r
        on r.company_code = w.lending_company and r.borrowing_company = %(company)s
    where w.lines_before < %(lines_max)s
),
numbered as (
    select
        j.*,
        case
            when j.fault is null
                and row_number() over (partition by j.vendor_id, j.number, j.fault is null order by j.invoice_id) > 1
                then 'DOC-123'
            else j.fault
        end as code
    from judged j
)
select
    n.*,
    jsonb_build_object(
        'company', %(company)s::text, 'document', n.number, 'lending_company', n.lending_company,
        'borrowing_company', %(company)s::text, 'from_currency', n.currency_code, 'to_currency', n.accounting_currency,
        'rate_date', n.invoice_date
    ) as details,
    case when n.code is null then tieout_id() end as vendor_invoice_id
from numbered n
order by n.invoice_id
