-- question:   What are the vouchers of the lines? Each takes the next number of the sequence, handed out in one block.
-- grain:      one row of finance_voucher per line; reports their number
-- parameters: company, sequence, posted_by
-- index:      finance_number_sequence_key
with line as materialized (
    select v.*, row_number() over (order by v.line_number) as place from general_verdict v
),
numbers as (
    update finance_number_sequence s
    set next_number = s.next_number + b.size
    from (select count(*) as size from line) b
    where s.company_code = %(company)s and s.reference = %(sequence)s
    returning s.prefix, s.digits, s.next_number - b.size as first_number
)
insert into finance_voucher (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select
    l.voucher_id,
    %(company)s,
    finance_number(n.prefix, n.digits, n.first_number + l.place - 1),
    l.accounting_date,
    'general_journal_line',
    l.line_id,
    %(posted_by)s
from line l
cross join numbers n
order by l.voucher_id
