-- question:   What does each good line post? A debit and a credit of the same amounts, by the posting matrix; a negative
--             line swaps them by its sign. Both name the document line whose cost they clear. The credit is the debit
--             negated, in each currency, so that rounding leaves nothing.
-- grain:      two rows of finance_voucher_line per good line that has ledger entries and is no reversal; reports their
--             number
-- parameters: company
-- index:      none: a temporary table of one slice; its rows lie in the order of their vouchers
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id, dimension_set_id
)
select
    v.voucher_id,
    e.line_no,
    2,
    %(company)s,
    v.posting_date,
    e.account,
    e.posting_type,
    e.sign * v.amount,
    v.currency_code,
    e.sign * v.accounting_amount,
    e.sign * r.reporting_amount,
    v.project_id,
    v.source_id,
    e.dimension_set_id
from posting_verdict v
cross join (
    select y.digits
    from finance_company c
    join finance_currency y on y.code = c.reporting_currency
    where c.code = %(company)s
) y
cross join lateral (
    select case
        when v.is_reported_as_sold then v.amount
        else round(v.accounting_amount * v.reporting_rate / 100, y.digits)
    end as reporting_amount
) r
cross join lateral (
    values (1, v.debit_account, v.debit, 1, v.debit_set), (2, v.credit_account, v.credit, -1, v.credit_set)
) e (line_no, account, posting_type, sign, dimension_set_id)
where v.code is null and v.has_entries and not v.is_reversal
