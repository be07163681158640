-- question:   What does each line post? Its account takes debit minus credit, its offset account the same with the other
--             sign (finance spec 2.14): debit project cost, credit the offset account, or the reverse.
-- grain:      two rows of finance_entry_draft per line; reports their number
-- parameters: none
-- index:      none: a temporary table of one journal
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
    v.line_id,
    v.dimension_set_id
from general_verdict v
cross join lateral (
    values
    (1, v.account, v.account_posting_type, case when v.offset_account_type = 'project' then -1 else 1 end),
    (2, v.offset_account, v.offset_posting_type, case when v.offset_account_type = 'project' then 1 else -1 end)
) e (place, account, posting_type, sign)
