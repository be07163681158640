-- question:   What does each good document post? Per line a debit of the integration account (finance spec 2.9),
--             named by the line's key; per currency one credit, which takes the rest, so that the voucher is zero in
--             the accounting and in the reporting currency. An entry of nothing is not written.
-- grain:      one row of finance_voucher_line per ledger entry, whole vouchers; reports their number
-- parameters: company, debit_type, credit_type
-- index:      none: temporary tables of one batch
with reporting as (
    select y.digits
    from finance_company c
    join finance_currency y on y.code = c.reporting_currency
    where c.code = %(company)s
),
debit as materialized (
    select
        v.voucher_id,
        v.accounting_date,
        1 as side,
        b.line_number,
        v.debit_account as account,
        %(debit_type)s as posting_type,
        b.amount,
        b.currency_code,
        b.accounting_amount,
        round(b.accounting_amount * v.reporting_rate / 100, r.digits) as reporting_amount,
        b.project_id,
        b.line_id as source_line_id,
        v.credit_account
    from document_batch b
    join document_verdict v on v.document_id = b.document_id and v.code is null
    cross join reporting r
),
entry as (
    select
        d.voucher_id, d.accounting_date, d.side, d.line_number, d.account, d.posting_type, d.amount,
        d.currency_code, d.accounting_amount, d.reporting_amount, d.project_id, d.source_line_id
    from debit d
    union all
    select
        d.voucher_id, d.accounting_date, 2, 0, d.credit_account, %(credit_type)s, -sum(d.amount),
        d.currency_code, -sum(d.accounting_amount), -sum(d.reporting_amount), null, null
    from debit d
    group by d.voucher_id, d.accounting_date, d.credit_account, d.currency_code
)
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id
)
select
    e.voucher_id,
    row_number() over (partition by e.voucher_id order by e.side, e.line_number, e.currency_code),
    count(*) over (partition by e.voucher_id),
    %(company)s,
    e.accounting_date,
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    e.project_id,
    e.source_line_id
from entry e
where e.amount <> 0 or e.accounting_amount <> 0 or e.reporting_amount <> 0
order by 1, 2
