-- question:   Which keys does the batch in hand span, and how many lines has it?
-- grain:      one row; document_to is null when nothing waits
-- parameters: none
-- index:      none: a temporary table of one batch
select max(b.document_id::text)::uuid as document_to, count(*) as lines from document_batch b
