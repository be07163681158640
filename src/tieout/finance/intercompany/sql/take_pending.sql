-- question:   Which pending vendor invoices, or credit notes, of a borrower are posted now? Chosen: only these; null: all.
-- grain:      one row of taken_invoice per invoice above `after`, as many as have lines_max lines, or one
-- parameters: company, is_credit, after, chosen, lines_max
-- index:      finance_intercompany_queue_of, finance_intercompany_vendor_invoice_pkey
create temporary table taken_invoice on commit drop as
select w.*
from (
    select
        q.invoice_id,
        q.code as code_before,
        i.id as vendor_invoice_id,
        i.number,
        i.invoice_date,
        i.lending_company,
        i.vendor_id,
        i.currency_code,
        i.accounting_amount,
        i.tax_amount,
        i.line_count,
        sum(i.line_count) over (order by q.invoice_id) - i.line_count as lines_before
    from (
        select w.invoice_id, w.vendor_invoice_id, w.code
        from finance_intercompany_queue w
        join finance_intercompany_vendor_invoice x on x.id = w.vendor_invoice_id
        where w.company_code = %(company)s
            and w.invoice_id > %(after)s
            and x.is_credit = %(is_credit)s
            and (%(chosen)s::uuid[] is null or x.id = any(%(chosen)s::uuid[]))
        order by w.invoice_id
        limit %(lines_max)s
    ) q
    join finance_intercompany_vendor_invoice i on i.id = q.vendor_invoice_id
) w
where w.lines_before < %(lines_max)s
