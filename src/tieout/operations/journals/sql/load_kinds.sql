-- question:   Make the loaded rows those of kinds.csv. A row that is as it was stays untouched.
-- grain:      one row per row that differed
-- parameters: rows
-- index:      operations_journal_kind_key
insert into operations_journal_kind as loaded (transaction_type, transaction_class, posted)
select row.transaction_type, row.transaction_class, row.posted
from jsonb_to_recordset(%(rows)s::jsonb) as row (transaction_type text, transaction_class text, posted boolean)
on conflict (transaction_type, transaction_class) do update set posted = excluded.posted
where loaded.posted <> excluded.posted
