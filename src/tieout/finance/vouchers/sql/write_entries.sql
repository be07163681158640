-- question:   What are the ledger entries of the drafts? An entry of nothing is not written; the others of a voucher are
--             numbered from 1 and counted.
-- grain:      one row of finance_voucher_line per entry that is not nothing, whole vouchers; reports their number
-- parameters: company
-- index:      none: temporary tables of one batch
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id, dimension_set_id
)
select
    e.voucher_id,
    row_number() over (partition by e.voucher_id order by e.place),
    count(*) over (partition by e.voucher_id),
    %(company)s,
    d.accounting_date,
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    e.project_id,
    e.source_line_id,
    e.dimension_set_id
from finance_entry_draft e
join finance_voucher_draft d on d.voucher_id = e.voucher_id
where e.amount <> 0 or e.accounting_amount <> 0 or e.reporting_amount <> 0
order by 1, 2
