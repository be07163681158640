-- question:   Which of these lines may this person verify or reject, and why not the others? The first that applies: it does
--             not wait (APR-151), who entered its invoice decides nothing of it (APR-152), its project names others
--             (APR-153), a rejection says no reason (APR-154).
-- grain:      one row per line of the request; code is blank for a line that may be decided of, which is locked
-- parameters: company, line_ids, actor, every_project, outcome, reason
-- index:      operations_open_verification_pkey, operations_vendor_invoice_line_pkey, operations_vendor_invoice_pkey,
--             operations_project_pkey, operations_project_approver_key
with open as materialized (
    select waiting.*
    from operations_open_verification as waiting
    where waiting.line_id = any(%(line_ids)s) and waiting.company_code = %(company)s
    order by waiting.line_id
    for update
)

select
    asked.line_id as record_id,
    coalesce(line.voucher || '/' || line.line_number, asked.line_id::text) as record_name,
    case
        when open.line_id is null then 'APR-151'
        when line.entered_by = %(actor)s then 'APR-152'
        when not %(every_project)s and operations_others_approve(line.project_id, %(actor)s) then 'APR-153'
        when %(outcome)s = 'rejected' and %(reason)s = '' then 'APR-154'
        else ''
    end as code,
    %(company)s::text as company_code,
    'vendor_invoice_line' as record_kind,
    jsonb_build_object(
        'record', coalesce(line.voucher || '/' || line.line_number, asked.line_id::text),
        'company', %(company)s::text,
        'project', coalesce(project.number, 'unknown'),
        'actor', %(actor)s::text
    )::text as details
from (select distinct unnest(%(line_ids)s::uuid[]) as line_id) as asked
left join open on open.line_id = asked.line_id
left join operations_vendor_invoice_line as line on line.id = open.line_id
left join operations_project as project on project.id = line.project_id
order by asked.line_id
