-- question:   How much did the slice post, which of its lines had been refused before, and which journals have refusals?
-- grain:      one row
-- parameters: none
-- index:      finance_journal_line_error_of
select
    count(*) filter (where v.code is null) as lines,
    coalesce(
        sum(
            v.accounting_amount
            - case when v.is_reversal or v.has_fee_entries then 0 else v.fee_accounting_amount end
            - case when v.is_reversal or v.has_own_entries then 0 else v.accounting_amount - v.fee_accounting_amount end
        ) filter (where v.code is null and v.has_entries),
        0
    ) as accounting_amount,
    coalesce(
        array_agg(v.id) filter (
            where v.code is null
                and exists (select from finance_journal_line_error e where e.line_id = v.id)
        ),
        '{}'
    ) as refused_before,
    coalesce(array_agg(distinct v.journal_id) filter (where v.code is not null), '{}') as journals_refused
from posting_verdict v
