-- question:   Which of these entries of a company were not approved, and what did approval say of them?
-- grain:      one row per entry that still waits for approval, as a problem of its record
-- parameters: company, entry_ids
-- index:      operations_open_entry_pkey, operations_entry_pkey, problem_log_record, problem_resolution_pkey
select
    coalesce(met.code, 'APR-101') as code, entry.company_code, operations_entry_kind(entry.transaction_class) as record_kind,
    entry.id as record_id, entry.external_id as record_name,
    coalesce(met.details, jsonb_build_object('record', entry.external_id, 'status', open.status))::text as details
from unnest(%(entry_ids)s::uuid[]) as asked (id)
cross join lateral (
    -- The offsets keep these look-ups by key.
    select * from operations_open_entry as waiting where waiting.entry_id = asked.id offset 0
) as open
cross join lateral (select * from operations_entry as found where found.id = asked.id offset 0) as entry
left join lateral (
    select logged.code, logged.details
    from problem_log as logged
    where logged.record_id = asked.id
        and logged.process = 'approve'
        and not exists (select from problem_resolution as over where over.problem_id = logged.id)
    order by logged.id desc
    limit 1
) as met on true
where open.status <> 'recall_requested' and entry.company_code = %(company)s
order by entry.id
