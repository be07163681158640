-- question:   Take the landed lines at these places out again: they were refused.
-- grain:      one row per line; reports their number
-- parameters: places
-- index:      operations_journal_number, operations_open_journal_line_key
delete from operations_open_journal_line as line
using (
    select found.place
    from landed_journal_line as landed
    inner join operations_journal as journal
        on journal.company_code = landed.company_code and journal.number = landed.journal
    -- The offset keeps this a look-up by key, and the line is deleted by its place: joined by key, lines that are newer
    -- than the statistics were planned as each with each.
    cross join lateral (
        select one.ctid as place
        from operations_open_journal_line as one
        where one.journal_id = journal.id and one.line_number = landed.line_number
        offset 0
    ) as found
    where landed.row_number = any(%(places)s::integer[])
) as refused
where line.ctid = refused.place
