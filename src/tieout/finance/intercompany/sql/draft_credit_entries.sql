-- question:   What does each good credit note post? The counter-entry of what it takes back, line by line: the account, the
--             dimensions and the amounts that the invoice was posted with, whatever they would be now, so that nothing is
--             left in either currency. What was owed to the lender is owed no more on the account where it is owed.
-- grain:      one row of finance_entry_draft per ledger entry; reports their number
-- parameters: none
-- index:      finance_intercompany_vendor_line_key, finance_intercompany_invoice_line_pkey,
--             finance_intercompany_vendor_invoice_line_invoice_line_id_key, finance_voucher_document_id_key,
--             finance_voucherline_pkey
with line as materialized (
    select
        p.voucher_id, p.currency_code, l.id, l.line_number, l.project_id, l.amount, l.accounting_amount, l.tax_amount,
        l.tax_accounting_amount,
        v.id as posted_id, o.id as credited_id
    from pending p
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = p.vendor_invoice_id
    join finance_intercompany_invoice_line i on i.id = l.invoice_line_id
    join finance_intercompany_vendor_invoice_line o on o.invoice_line_id = i.credits_id
    join finance_voucher v on v.document_id = o.vendor_invoice_id
    where p.voucher_id is not null
),
posted as materialized (
    select e.voucher_id, e.posting_type, e.source_line_id, e.account, e.reporting_amount, e.dimension_set_id
    from (select distinct l.posted_id from line l) x
    join finance_voucher_line e on e.voucher_id = x.posted_id
),
cost as materialized (
    select l.*, e.account, -e.reporting_amount as reporting_amount, e.dimension_set_id
    from line l
    join posted e
        on e.voucher_id = l.posted_id and e.source_line_id = l.credited_id and e.posting_type = 'intercompany_cost'
),
tax as materialized (
    select l.*, e.account, -e.reporting_amount as reporting_amount, e.dimension_set_id
    from line l
    join posted e
        on e.voucher_id = l.posted_id and e.source_line_id = l.credited_id and e.posting_type = 'tax_receivable'
),
owed as (
    select c.voucher_id, c.posted_id, c.currency_code, c.amount, c.accounting_amount, c.reporting_amount from cost c
    union all
    select t.voucher_id, t.posted_id, t.currency_code, t.tax_amount, t.tax_accounting_amount, t.reporting_amount from tax t
),
entry as (
    select
        c.voucher_id, 1 as rank, c.line_number, c.account, 'intercompany_cost' as posting_type, c.amount, c.currency_code,
        c.accounting_amount, c.reporting_amount, c.project_id, c.id as source_line_id, c.dimension_set_id
    from cost c
    union all
    select
        t.voucher_id, 2, t.line_number, t.account, 'tax_receivable', t.tax_amount, t.currency_code,
        t.tax_accounting_amount, t.reporting_amount, null, t.id, t.dimension_set_id
    from tax t
    union all
    select
        c.voucher_id, 3, 0, e.account, e.posting_type, -sum(c.amount), c.currency_code,
        -sum(c.accounting_amount), -sum(c.reporting_amount), null, null, e.dimension_set_id
    from owed c
    join posted e on e.voucher_id = c.posted_id and e.posting_type = 'vendor'
    group by c.voucher_id, e.account, e.posting_type, c.currency_code, e.dimension_set_id
)
insert into finance_entry_draft (
    voucher_id, place, account, posting_type, amount, currency_code, accounting_amount, reporting_amount, project_id,
    source_line_id, dimension_set_id
)
select
    e.voucher_id,
    row_number() over (partition by e.voucher_id order by e.rank, e.line_number, e.account, e.dimension_set_id),
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    e.project_id,
    e.source_line_id,
    e.dimension_set_id
from entry e
