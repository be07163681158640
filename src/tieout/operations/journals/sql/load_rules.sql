-- question:   Make the loaded rows those of validation.csv. A row that is as it was stays untouched.
-- grain:      one row per row that differed
-- parameters: rows
-- index:      operations_journal_rule_key
insert into operations_journal_rule as loaded (situation, transaction_type, transaction_class, allowed)
select row.situation, row.transaction_type, row.transaction_class, row.allowed
from jsonb_to_recordset(%(rows)s::jsonb) as row (
    situation text, transaction_type text, transaction_class text, allowed text
)
on conflict (situation, transaction_type, transaction_class) do update set allowed = excluded.allowed
where loaded.allowed <> excluded.allowed
