-- question:   Delete a draft: its lines go, and the actuals that it held are live again. Its number stays its own.
-- grain:      one row in all: how many lines went, how many actuals are live again
-- parameters: journal_id, actor
-- index:      operations_open_journal_pkey, operations_open_journal_line_key, operations_taken_actual_of
with lines as (
    delete from operations_open_journal_line where journal_id = %(journal_id)s::uuid returning id
),

given_back as (
    delete from operations_taken_actual where journal_id = %(journal_id)s::uuid returning actual_id
),

live as (
    insert into operations_actual_status (actual_id, machine, status, set_by)
    select actual_id, 'adjustment', 'live', %(actor)s
    from given_back
),

closed as (
    delete from operations_open_journal as open where open.journal_id = %(journal_id)s::uuid returning open.*
),

deleted as (
    insert into operations_journal_outcome (journal_id, outcome, description, values, done_by)
    select journal_id, 'deleted', description, '{}', %(actor)s
    from closed
)

select (select count(*) from lines) as lines, (select count(*) from given_back) as actuals
