-- question:   What does the posting matrix say?
-- grain:      one row of finance_posting_rule written per row of the file that is new or changed; reports their number
-- parameters: matrix
-- index:      finance_posting_rule_key
insert into finance_posting_rule (transaction_type, source_kind, debit, credit)
select m.transaction_type, m.source_kind, coalesce(m.debit, ''), coalesce(m.credit, '')
from jsonb_to_recordset(%(matrix)s::jsonb) as m (transaction_type text, source_kind text, debit text, credit text)
on conflict (transaction_type, source_kind) do update
set debit = excluded.debit, credit = excluded.credit
where (finance_posting_rule.debit, finance_posting_rule.credit) is distinct from (excluded.debit, excluded.credit)
