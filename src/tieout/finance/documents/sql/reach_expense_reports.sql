-- question:   How far does the next batch of waiting expense reports reach? As far as documents_max documents, or to the
--             one that has the lines_max-th line; held by another run or not, so that a run walks past what it skips.
-- grain:      one row; reached is the last key of the batch, null when nothing waits above `after`
-- parameters: company, after, documents_max, lines_max
-- index:      finance_posting_queue_of, finance_expense_line_key; lines are counted as far as needed
with waiting as (
    select q.document_id
    from finance_posting_queue q
    where q.document_kind = 'expense_report'
        and q.company_code = %(company)s
        and q.document_id > %(after)s
    order by q.document_id
    limit %(documents_max)s
)
select coalesce(
    (
        select w.document_id
        from waiting w
        cross join lateral (select from finance_expense_line l where l.report_id = w.document_id offset 0) n
        order by w.document_id
        limit 1 offset %(lines_max)s - 1
    ),
    (select w.document_id from waiting w order by w.document_id desc limit 1)
) as reached
