-- question:   What are the vouchers of the drafts? Each takes the next number of the sequence, handed out in one block in
--             the order of their keys.
-- grain:      one row of finance_voucher per draft; reports their number
-- parameters: company, sequence, document_kind, posted_by
-- index:      finance_number_sequence_key
with draft as materialized (
    select d.*, row_number() over (order by d.voucher_id) as number_place
    from finance_voucher_draft d
),
numbers as materialized (
    select n.*
    from (select count(*) as size from draft) b
    cross join lateral finance_take_numbers(%(company)s, %(sequence)s, b.size) n
)
insert into finance_voucher (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select
    d.voucher_id,
    %(company)s,
    finance_number(n.prefix, n.digits, n.first_number + d.number_place - 1),
    d.accounting_date,
    %(document_kind)s,
    d.document_id,
    %(posted_by)s
from draft d
cross join numbers n
order by d.voucher_id
