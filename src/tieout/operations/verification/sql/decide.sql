-- question:   Keep what was decided of these lines, and state it: finance releases payments by it.
-- grain:      one row of operations_verification and of outbox_entry per line; reports the number of lines
-- parameters: line_ids, outcome, reason, decided_by
-- index:      operations_open_verification_pkey
with decided as (
    insert into operations_verification (line_id, invoice_id, company_code, outcome, reason, decided_by)
    select waiting.line_id, waiting.invoice_id, waiting.company_code, %(outcome)s, %(reason)s, %(decided_by)s
    from operations_open_verification as waiting
    where waiting.line_id = any(%(line_ids)s)
    order by waiting.line_id
    returning id
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_projectvendorinvoiceverifications', decided.id
    from decided
    where outbox_captures('msdyn_projectvendorinvoiceverifications')
    order by decided.id
)

select count(*) as decided from decided
