-- question:   What does each good reversal post? The counter-entry of where its original stands now: what the voucher of
--             the original and those that moved its cost since come to, by account and dimensions, negated in all three currencies.
--             Amounts and rates are the original's, so that nothing is left however rates have changed.
-- grain:      one row of finance_voucher_line per account, whole vouchers; reports their number
-- parameters: company
-- index:      finance_voucherline_pkey, finance_cost_transfer_line, finance_voucher_document_id_key; the rest are
--             temporary tables of one slice
with reversal as materialized (
    select v.voucher_id, v.posting_date, v.original_id, coalesce(v.original_voucher_id, o.voucher_id) as original_voucher
    from posting_verdict v
    left join posting_verdict o on o.id = v.original_id
    where v.is_reversal and v.code is null and v.has_entries
),
made as materialized (
    select r.voucher_id, r.posting_date, r.original_voucher as made_by from reversal r
    union all
    select r.voucher_id, r.posting_date, m.id
    from reversal r
    join finance_cost_transfer t on t.line_id = r.original_id
    join finance_voucher m on m.document_id = t.id
),
entry as (
    select
        m.voucher_id,
        m.posting_date,
        l.account,
        l.posting_type,
        l.currency_code,
        l.project_id,
        l.source_line_id,
        l.dimension_set_id,
        -sum(l.amount) as amount,
        -sum(l.accounting_amount) as accounting_amount,
        -sum(l.reporting_amount) as reporting_amount,
        min(l.line_no) as place
    from made m
    join finance_voucher_line l on l.voucher_id = m.made_by
    group by
        m.voucher_id, m.posting_date, l.account, l.posting_type, l.currency_code, l.project_id, l.source_line_id,
        l.dimension_set_id
)
insert into finance_voucher_line (
    voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id, dimension_set_id
)
select
    e.voucher_id,
    row_number() over (partition by e.voucher_id order by e.place, e.account, e.posting_type),
    count(*) over (partition by e.voucher_id),
    %(company)s,
    e.posting_date,
    e.account,
    e.posting_type,
    e.amount,
    e.currency_code,
    e.accounting_amount,
    e.reporting_amount,
    e.project_id,
    e.source_line_id,
    e.dimension_set_id
from entry e
where e.amount <> 0 or e.accounting_amount <> 0 or e.reporting_amount <> 0
order by 1, 2
