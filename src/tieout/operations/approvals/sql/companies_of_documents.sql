-- question:   Whose books do these documents touch: of one delivery batch, verified ones, or else refused ones after a key?
-- grain:      one row per company, in the order in which they are held; the one that posted them is always there
-- parameters: intake_id, batch_id, document_kind, company, after, row_limit, verified
-- index:      operations_expense_batch, operations_vendorinvoiceline_batch, operations_vendor_invoice_line_pkey,
--             operations_approval_retry_pkey, operations_project_pkey
select %(company)s::text as company_code
union
select project.company_code
from (
    select fresh.project_id
    from operations_finance_document_line as fresh
    where %(intake_id)s::bigint is not null
        and fresh.document_kind = %(document_kind)s
        and fresh.batch_id = %(batch_id)s
        and fresh.company_code = %(company)s
    union
    select verified.project_id
    from operations_finance_document_line as verified
    where verified.document_kind = 'vendor_invoice_line' and verified.id = any(%(verified)s::uuid[])
    union
    select refused.project_id
    from (
        select document_id, document_kind
        from operations_approval_retry
        where %(intake_id)s::bigint is null
            and %(verified)s::uuid[] is null
            and company_code = %(company)s
            and document_id > %(after)s
        order by document_id
        limit %(row_limit)s
    ) as retry
    inner join operations_finance_document_line as refused
        on refused.id = retry.document_id and refused.document_kind = retry.document_kind
) as line
inner join operations_project as project on project.id = line.project_id
order by 1
