-- question:   Which entries of an account, dated within a window, follow this one in the order of posting?
--             The kept totals say up to which voucher one must read to find as many: no index on every ledger entry
--             is needed, and a page reads the posting batches that it shows and no others.
-- grain:      one row per ledger entry
-- parameters: company, account, first, last, after_voucher, after_line, row_limit
-- index:      finance_account_total_of, finance_voucher_line_pkey, finance_voucher_pkey
with posted as materialized (
    select
        t.first_voucher_id, t.last_voucher_id,
        t.first_voucher_id <= %(after_voucher)s as is_begun,
        sum(t.entries) filter (where t.first_voucher_id > %(after_voucher)s) over (
            order by t.first_voucher_id, t.id
        ) - t.entries as before
    from finance_account_total t
    where t.company_code = %(company)s
        and t.account = %(account)s
        and t.accounting_date between %(first)s and %(last)s
        and t.last_voucher_id >= %(after_voucher)s
),

span as materialized (
    select min(posted.first_voucher_id) as lowest, max(posted.last_voucher_id) as highest
    from posted
    where posted.is_begun or posted.before < %(row_limit)s
)

select
    l.voucher_id, l.line_no, v.number as voucher, l.accounting_date, v.document_kind, l.posting_type,
    l.amount, l.currency_code, l.accounting_amount, l.reporting_amount,
    coalesce(p.number, '') as project
from finance_voucher_line l
join finance_voucher v on v.id = l.voucher_id
left join finance_project p on p.id = l.project_id
where l.voucher_id between (select greatest(span.lowest, %(after_voucher)s) from span)
    and (select span.highest from span)
    and (l.voucher_id, l.line_no) > (%(after_voucher)s, %(after_line)s)
    and l.company_code = %(company)s
    and l.account = %(account)s
    and l.accounting_date between %(first)s and %(last)s
order by l.voucher_id, l.line_no
limit %(row_limit)s
