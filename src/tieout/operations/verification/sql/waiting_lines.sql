-- question:   Which vendor invoice lines of a company wait to be verified, since when, and may this person decide of them?
-- grain:      one row per line, in the order of arrival, at most row_limit after a given line
-- parameters: company, project, after, actor, every_project, row_limit
-- index:      operations_open_verification_o, operations_vendor_invoice_line_pkey, operations_vendor_invoice_pkey,
--             operations_project_pkey, operations_category_pkey, operations_vendor_pkey, operations_subcontract_pkey,
--             operations_verification_line, operations_project_approver_key, operations_currency_code_key
select
    waiting.line_id, waiting.waits_since, current_date - waiting.waits_since::date as days,
    line.voucher, line.line_number, header.invoice_number, vendor.account_number as vendor_account, vendor.name as vendor_name,
    project.number as project_number, project.name as project_name, category.name as category_name,
    subcontract.number as subcontract_number, line.description, line.accounting_date, line.quantity, line.unit, line.amount,
    line.currency_code, coalesce(currency.digits, 2) as digits, line.accounting_amount, line.stocked, line.block_payment, line.entered_by,
    last.reason as rejected_because, last.decided_by as rejected_by,
    case
        when line.entered_by = %(actor)s then 'APR-152'
        when not %(every_project)s and operations_others_approve(line.project_id, %(actor)s) then 'APR-153'
        else ''
    end as barred_by
from operations_open_verification as waiting
inner join operations_vendor_invoice_line as line on line.id = waiting.line_id
left join operations_vendor_invoice as header on header.id = line.document_id
left join operations_vendor as vendor on vendor.id = header.vendor_id
left join operations_project as project on project.id = line.project_id
left join operations_category as category on category.id = line.category_id
left join operations_subcontract as subcontract on subcontract.id = line.subcontract_id
left join operations_currency as currency on currency.code = line.currency_code
left join lateral (
    select decision.reason, decision.decided_by
    from operations_verification as decision
    where decision.line_id = waiting.line_id
    order by decision.id desc
    limit 1
) as last on true
where waiting.company_code = %(company)s
    and (%(project)s = '' or project.number = %(project)s)
    and (%(after)s::uuid is null or waiting.line_id > %(after)s)
order by waiting.line_id
limit %(row_limit)s
