-- question:   Which expense reports does this run post now? Those that wait and that no other run holds, in the order of
--             their keys, as many as have about lines_max lines together, but at least one.
-- grain:      one row of document_batch per document line; the queue rows stay locked until the transaction ends
-- parameters: company, after, documents_max, lines_max
-- index:      finance_posting_queue_of, finance_expense_report_pkey, finance_expense_line_key
create temporary table document_batch on commit drop as
with taken as materialized (
    select q.document_id, q.code as code_before
    from finance_posting_queue q
    where q.document_kind = 'expense_report'
        and q.company_code = %(company)s
        and q.document_id > %(after)s
    order by q.document_id
    limit %(documents_max)s
    for update skip locked
),
sized as (
    select t.*, sum(n.line_count) over (order by t.document_id) - n.line_count as lines_before
    from taken t
    cross join lateral (select count(*) as line_count from finance_expense_line l where l.report_id = t.document_id) n
)
select
    s.document_id,
    s.code_before,
    h.report_number as document_name,
    h.accounting_date,
    l.id as line_id,
    l.line_number,
    l.project_id,
    l.amount,
    l.currency_code,
    l.accounting_amount
from sized s
join finance_expense_report h on h.id = s.document_id
-- offset 0 keeps the planner from reading the whole table of lines once per batch
cross join lateral (select * from finance_expense_line x where x.report_id = s.document_id offset 0) l
where s.lines_before < %(lines_max)s
