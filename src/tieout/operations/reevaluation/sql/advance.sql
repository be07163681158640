-- question:   Note how far this request has come; without a last entry it is finished.
-- grain:      one row
-- parameters: request, last, done, refused
-- index:      operations_reevaluation_pkey
update operations_reevaluation
set
    after_entry = coalesce(%(last)s::uuid, after_entry),
    finished_at = case when %(last)s::uuid is null then now() end,
    done = done + %(done)s,
    refused = refused + %(refused)s
where id = %(request)s
