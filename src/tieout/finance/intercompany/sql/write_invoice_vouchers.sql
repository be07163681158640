-- question:   What are the vouchers of the good invoices? Each takes the next number of the sequence, handed out in one
--             block.
-- grain:      one row of finance_voucher per good invoice; reports their number
-- parameters: company, voucher_sequence, invoice_date, posted_by
-- index:      finance_number_sequence_key; the rest is a temporary table of one batch
with good as materialized (
    select v.*, row_number() over (order by v.place) as number_place
    from lent_invoice v
    where v.code is null
),
block as materialized (
    select count(*) as size from good
),
numbers as (
    update finance_number_sequence s
    set next_number = s.next_number + b.size
    from block b
    where s.company_code = %(company)s and s.reference = %(voucher_sequence)s and b.size > 0
    returning s.prefix, s.digits, s.next_number - b.size as first_number
)
insert into finance_voucher (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select
    g.voucher_id,
    %(company)s,
    finance_number(n.prefix, n.digits, n.first_number + g.number_place - 1),
    %(invoice_date)s,
    'intercompany_invoice',
    g.invoice_id,
    %(posted_by)s
from good g
cross join numbers n
order by g.voucher_id
