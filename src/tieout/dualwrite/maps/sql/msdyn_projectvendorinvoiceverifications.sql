-- question:   What does finance get of a decision on a vendor invoice line?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_verification_pkey
select
    d.id,
    d.line_id,
    d.invoice_id,
    d.company_code,
    d.outcome,
    d.reason,
    d.decided_by,
    d.decided_at,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_verification d on d.id = t.key
where d.id between %(key_from)s::uuid and %(key_to)s::uuid
