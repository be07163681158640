-- question:   What does each good document post? Per line a debit of the integration account, of a stocked line of its cost
--             (finance spec 2.9), named by the line's key. What they come to is paid per currency and payee: a debit of the recoverable tax, and one
--             credit of both, which takes the rest, so that the voucher is zero in the accounting and in the reporting
--             currency. An entry of nothing is not written.
-- grain:      one row of finance_voucher_line per ledger entry, whole vouchers; reports their number
-- parameters: company, debit_type
-- index:      none: temporary tables of one batch
with reporting as (
    select y.digits
    from finance_company c
    join finance_currency y on y.code = c.reporting_currency
    where c.code = %(company)s
),
-- "voucher_id is not null" rather than "code is null": of temporary tables, which have no statistics, the planner
-- takes few rows to be null and most not to be.
paid as materialized (
    select
        v.voucher_id,
        b.currency_code,
        b.payee,
        coalesce(
            nullif(b.payee_account, ''), case b.payee when 'employee' then v.employee_account else v.vendor_account end
        ) as account,
        v.tax_account,
        sum(b.amount) as amount,
        sum(b.accounting_amount) as accounting_amount,
        sum(round(b.accounting_amount * v.reporting_factor, r.digits)) as reporting_amount,
        sum(b.tax_amount) as tax_amount,
        sum(b.tax_accounting_amount) as tax_accounting_amount,
        round(sum(b.tax_accounting_amount) * max(v.reporting_factor), max(r.digits)) as tax_reporting_amount
    from document_batch_line b
    join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
    cross join reporting r
    group by v.voucher_id, b.currency_code, b.payee, 4, v.tax_account
),
other as materialized (
    select e.*, row_number() over (partition by e.voucher_id order by e.rank, e.currency_code, e.payee, e.account) as place
    from (
        select
            1 as rank, p.voucher_id, p.currency_code, p.payee, p.tax_account as account,
            'tax_receivable' as posting_type, p.tax_amount as amount, p.tax_accounting_amount as accounting_amount,
            p.tax_reporting_amount as reporting_amount
        from paid p
        union all
        select
            2, p.voucher_id, p.currency_code, p.payee, p.account, p.payee, -p.amount - p.tax_amount,
            -p.accounting_amount - p.tax_accounting_amount, -p.reporting_amount - p.tax_reporting_amount
        from paid p
    ) e
    where e.amount <> 0 or e.accounting_amount <> 0 or e.reporting_amount <> 0
),
voucher as materialized (
    select v.*, v.entries + coalesce(n.others, 0) as line_count
    from document_verdict v
    left join (
        select o.voucher_id, count(*) as others from other o group by o.voucher_id
    ) n on n.voucher_id = v.voucher_id
    where v.voucher_id is not null
)
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id, dimension_set_id
)
select
    v.voucher_id, b.line_no, v.line_count, %(company)s, v.accounting_date, coalesce(b.debit_account, v.debit_account),
    coalesce(b.debit_type, %(debit_type)s),
    b.amount, b.currency_code, b.accounting_amount, round(b.accounting_amount * v.reporting_factor, r.digits),
    b.project_id, b.line_id, d.dimension_set_id
from document_batch_line b
join voucher v on v.document_id = b.document_id
join document_dimension d on d.project_id = b.project_id and d.owner_id = v.owner_id
cross join reporting r
where b.line_no is not null
union all
select
    v.voucher_id, v.entries + o.place, v.line_count, %(company)s, v.accounting_date, o.account, o.posting_type,
    o.amount, o.currency_code, o.accounting_amount, o.reporting_amount, null, null, v.owner_set
from other o
join voucher v on v.voucher_id = o.voucher_id
order by 1, 2
