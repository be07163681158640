-- question:   May each reversal of the slice be posted, and does it have ledger entries? It posts the counter-entry of
--             where its original stands now; one whose original is posted neither before nor in the same slice is
--             refused (IMP-111, inside a PST-203).
-- grain:      one row of posting_verdict updated per reversal; reports their number
-- parameters: company
-- index:      finance_voucherline_pkey, finance_cost_transfer_line, finance_integration_journal_line_pkey; the rest are temporary tables of one slice
update posting_verdict v
set has_entries = coalesce(o.has_entries, false),
    voucher_id = case when o.is_posted then v.voucher_id end,
    code = case when not o.is_posted then 'PST-203' end,
    details = case when not o.is_posted then jsonb_build_object(
        'journal', (select j.number from finance_integration_journal j where j.id = v.journal_id),
        'line_id', v.id, 'voucher', v.voucher, 'company', %(company)s::text, 'reason_code', 'IMP-111',
        'actual_id', (select a.actual_id from finance_integration_journal_line a where a.id = v.id),
        'original', coalesce('voucher ' || v.original_voucher, 'a journal line that was deleted'),
        'reason', case
            when v.original_voucher is null then 'IMP-111, the journal line that it reverses was deleted'
            else format('IMP-111, it reverses voucher %%s, which is not posted', v.original_voucher)
        end) end
from posting_verdict r
cross join lateral (
    select
        r.original_voucher_id is not null or x.id is not null and x.code is null as is_posted,
        case
            when r.original_voucher_id is null then x.has_entries
            else exists (select from finance_voucher_line l where l.voucher_id = r.original_voucher_id)
                or exists (select from finance_cost_transfer t where t.line_id = r.original_id)  -- posted later
        end as has_entries
    from (select) one
    left join posting_verdict x on x.id = r.original_id
) o
where v.id = r.id and r.is_reversal and r.code is null
