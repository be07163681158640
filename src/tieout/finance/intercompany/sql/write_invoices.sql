-- question:   What are the invoices of the batch? Each takes the next number of the sequence, handed out in one block.
-- grain:      one row of finance_intercompany_invoice per good invoice; reports their number
-- parameters: company, sequence, invoice_date
-- index:      finance_number_sequence_key; the rest are temporary tables of one batch
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
    where s.company_code = %(company)s and s.reference = %(sequence)s and b.size > 0
    returning s.prefix, s.digits, s.next_number - b.size as first_number
)
insert into finance_intercompany_invoice (
    id, company_code, borrowing_company, customer_id, number, is_credit, project_id, invoice_date, currency_code,
    line_count, amount, accounting_amount
)
select
    g.invoice_id,
    %(company)s,
    g.borrowing_company,
    g.customer_id,
    finance_number(n.prefix, n.digits, n.first_number + g.number_place - 1),
    g.is_credit,
    g.project_id,
    %(invoice_date)s,
    g.currency_code,
    g.lines,
    g.amount,
    g.accounting_amount
from good g
cross join numbers n
order by g.place
