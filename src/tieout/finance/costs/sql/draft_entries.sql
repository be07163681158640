-- question:   What does each move post? The account where the cost is to stand takes what stands in the other, in all
--             three currencies as it was posted there, so that nothing is left of it; of a cost that stands nowhere the
--             other is the credit of the posting matrix.
-- grain:      two rows of finance_entry_draft per good cost; reports their number
-- parameters: none
-- index:      none: a temporary table of one batch
insert into finance_entry_draft (
    voucher_id, place, account, posting_type, amount, currency_code, accounting_amount, reporting_amount, project_id,
    source_line_id, dimension_set_id
)
select
    v.voucher_id,
    e.place,
    e.account,
    e.posting_type,
    e.sign * v.amount,
    v.currency_code,
    e.sign * v.accounting_amount,
    e.sign * v.reporting_amount,
    v.project_id,
    v.source_id,
    e.dimension_set_id
from cost_verdict v
cross join lateral (
    values
    (1, v.to_account, v.to_posting_type, 1, v.to_dimension_set_id),
    (2, v.from_account, v.from_posting_type, -1, v.from_dimension_set_id)
) e (place, account, posting_type, sign, dimension_set_id)
where v.code is null
