-- question:   What does each good line post? A debit and a credit of the same amounts, by the posting matrix; a negative
--             line swaps them by its sign. The fee of a sale is a second pair, on accounts of its own. All name the
--             document line whose cost they clear. The credit is the debit negated, in each currency, so that rounding
--             leaves nothing.
-- grain:      two rows of finance_voucher_line per good line that has ledger entries and is no reversal, four where both
--             the sale and its fee have them; reports their number
-- parameters: company
-- index:      none: a temporary table of one slice; its rows lie in the order of their vouchers
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id, dimension_set_id
)
select
    v.voucher_id,
    e.line_no,
    case when v.has_own_entries and v.has_fee_entries then 4 else 2 end,
    %(company)s,
    v.posting_date,
    e.account,
    e.posting_type,
    e.sign * e.amount,
    v.currency_code,
    e.sign * e.accounting_amount,
    e.sign * e.reporting_amount,
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
    end as whole,
    case
        when v.is_reported_as_sold then v.fee_amount
        else round(v.fee_accounting_amount * v.reporting_rate / 100, y.digits)
    end as fee
) r
cross join lateral (
    select x.place - case when v.has_own_entries then 0 else 2 end as line_no, x.*
    from (
        values
        (
            1, v.has_own_entries, v.debit_account, v.debit, 1, v.debit_set,
            v.amount - v.fee_amount, v.accounting_amount - v.fee_accounting_amount, r.whole - r.fee
        ),
        (
            2, v.has_own_entries, v.credit_account, v.credit, -1, v.credit_set,
            v.amount - v.fee_amount, v.accounting_amount - v.fee_accounting_amount, r.whole - r.fee
        ),
        (
            3, v.has_fee_entries, v.fee_debit_account, v.fee_debit, 1, v.debit_set,
            v.fee_amount, v.fee_accounting_amount, r.fee
        ),
        (
            4, v.has_fee_entries, v.fee_credit_account, v.fee_credit, -1, v.credit_set,
            v.fee_amount, v.fee_accounting_amount, r.fee
        )
    ) x (
        place, is_there, account, posting_type, sign, dimension_set_id, amount, accounting_amount, reporting_amount
    )
    where x.is_there
) e
where v.code is null and v.has_entries and not v.is_reversal
