-- question:   Which expense reports does this run post now? Those that wait in the range of the batch and that no other run
--             holds.
-- grain:      one row of document_batch per document; the queue rows stay locked until the transaction ends
-- parameters: company, after, reached
-- index:      finance_dimension_owner, finance_posting_queue_of, finance_expense_report_pkey
create temporary table document_batch on commit drop as
select
    q.document_id,
    q.ctid as queue_place,
    q.code as code_before,
    h.report_number as document_name,
    h.accounting_date,
    -- who gives it dimensions; finance has no resources, so this is the key under which their defaults are set up
    coalesce(
        (
            select d.owner_id
            from finance_dimension_default d
            where d.company_code = h.company_code and d.owner_kind = 'resource' and d.owner_code = h.resource_code
            limit 1
        ),
        '00000000-0000-0000-0000-000000000000'
    ) as owner_id
from finance_posting_queue q
join finance_expense_report h on h.id = q.document_id
where q.document_kind = 'expense_report'
    and q.company_code = %(company)s
    and q.document_id > %(after)s
    and q.document_id <= %(reached)s
for update of q skip locked
