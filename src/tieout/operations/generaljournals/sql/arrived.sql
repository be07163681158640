-- question:   How much of a general journal of finance has arrived, and has it been confirmed?
-- grain:      one row, also of a journal of which nothing has arrived
-- parameters: journal_id, company
-- index:      operations_arrived_journal_pkey, operations_arrived_journal_line_key, operations_journal_pkey,
--             operations_journal_outcome_pkey
select
    header.id is not null as has_header, coalesce(header.line_count, 0) as line_count, header.description,
    header.made_by, header.posted_by,
    (
        select count(*) from operations_arrived_journal_line as line where line.journal_id = asked.id
    ) as arrived,
    (
        select journal.number
        from operations_journal as journal
        inner join operations_journal_outcome as outcome on outcome.journal_id = journal.id
        where journal.id = asked.id
    ) as confirmed_as
from (select %(journal_id)s::uuid as id) as asked
left join operations_arrived_journal as header on header.id = asked.id and header.company_code = %(company)s
