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
-- "voucher_id is not null" rather than "code is null": of temporary tables, which have no statistics, the planner
-- takes few rows to be null and most not to be.
credit as materialized (
    select c.*, row_number() over (partition by c.voucher_id order by c.currency_code) as place
    from (
        select
            v.voucher_id,
            b.currency_code,
            -sum(b.amount) as amount,
            -sum(b.accounting_amount) as accounting_amount,
            -sum(round(b.accounting_amount * v.reporting_factor, r.digits)) as reporting_amount
        from document_batch_line b
        join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
        cross join reporting r
        group by v.voucher_id, b.currency_code
    ) c
    where c.amount <> 0 or c.accounting_amount <> 0 or c.reporting_amount <> 0
),
voucher as materialized (
    select v.*, v.entries + coalesce(n.credits, 0) as line_count
    from document_verdict v
    left join (
        select c.voucher_id, count(*) as credits from credit c group by c.voucher_id
    ) n on n.voucher_id = v.voucher_id
    where v.voucher_id is not null
)
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id
)
select
    v.voucher_id, b.line_no, v.line_count, %(company)s, v.accounting_date, v.debit_account, %(debit_type)s,
    b.amount, b.currency_code, b.accounting_amount, round(b.accounting_amount * v.reporting_factor, r.digits),
    b.project_id, b.line_id
from document_batch_line b
join voucher v on v.document_id = b.document_id
cross join reporting r
where b.line_no is not null
union all
select
    v.voucher_id, v.entries + c.place, v.line_count, %(company)s, v.accounting_date, v.credit_account, %(credit_type)s,
    c.amount, c.currency_code, c.accounting_amount, c.reporting_amount, null, null
from credit c
join voucher v on v.voucher_id = c.voucher_id
order by 1, 2
