-- question:   What are the invoices of the batch? Each takes the next number of the sequence, handed out in one block.
-- grain:      one row of finance_intercompany_invoice per good invoice; reports their number
-- parameters: company, sequence, invoice_date
-- index:      finance_number_sequence_key; the rest are temporary tables of one batch
with good as materialized (
    select v.*, row_number() over (order by v.place) as number_place
    from lent_invoice v
    where v.code is null
),
numbers as materialized (
    select n.*
    from (select count(*) as size from good) b
    cross join lateral finance_take_numbers(%(company)s, %(sequence)s, b.size) n
)
insert into finance_intercompany_invoice (
    id, company_code, borrowing_company, customer_id, number, is_credit, project_id, invoice_date, currency_code,
    line_count, amount, accounting_amount, tax_amount
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
    g.accounting_amount,
    g.tax_amount
from good g
cross join numbers n
order by g.place
