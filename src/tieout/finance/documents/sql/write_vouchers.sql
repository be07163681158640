-- question:   What are the vouchers of the good documents? Each takes the next number of the sequence, handed out
--             in one block; a refused document takes none.
-- grain:      one row of finance_voucher per good document; reports their number
-- parameters: company, sequence, document_kind, posted_by
-- index:      finance_number_sequence_key
with good as materialized (
    select v.*, row_number() over (order by v.voucher_id) as place
    from document_verdict v
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
insert into finance_voucher (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select
    g.voucher_id,
    %(company)s,
    finance_number(n.prefix, n.digits, n.first_number + g.place - 1),
    g.accounting_date,
    %(document_kind)s,
    g.document_id,
    %(posted_by)s
from good g
cross join numbers n
order by g.voucher_id
