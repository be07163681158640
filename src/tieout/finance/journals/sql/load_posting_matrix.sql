-- question:   What does the posting matrix say?
-- grain:      one row of finance_posting_rule written per row of the file that is new or changed; reports their number
-- parameters: matrix
-- index:      finance_posting_rule_key
insert into finance_posting_rule as r (
    transaction_type, transaction_class, source_kind, treatment, goes_to, project_company, debit, credit
)
select
    m.transaction_type,
    m.transaction_class,
    m.source_kind,
    m.treatment,
    m.goes_to,
    m.project_company,
    coalesce(m.debit, ''),
    coalesce(m.credit, '')
from jsonb_to_recordset(%(matrix)s::jsonb) as m (
    transaction_type text, transaction_class text, source_kind text, treatment text, goes_to text,
    project_company text, debit text, credit text
)
on conflict (transaction_type, transaction_class, source_kind, treatment) do update
set goes_to = excluded.goes_to, project_company = excluded.project_company,
    debit = excluded.debit, credit = excluded.credit
where (r.goes_to, r.project_company, r.debit, r.credit)
    is distinct from (excluded.goes_to, excluded.project_company, excluded.debit, excluded.credit)
