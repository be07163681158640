-- question:   Take these problems, and what has their fingerprint, from the screens.
-- grain:      one row of problem_hidden per problem of the log; reports their number
-- parameters: problem_ids, companies, hidden_by
-- index:      problem_log_pkey, problem_log_record, problem_hidden_pkey
insert into problem_hidden (problem_id, hidden_by)
select p.id, %(hidden_by)s
from problem_log p
where p.company_code = any(%(companies)s::text[])
    and exists (
        select
        from problem_log k
        where k.id = any(%(problem_ids)s::bigint[])
            and k.company_code = p.company_code
            and k.code = p.code
            and k.process = p.process
            and k.record_id is not distinct from p.record_id
            and k.record_name = p.record_name
            and k.details = p.details
    )
    and not exists (select from problem_hidden h where h.problem_id = p.id)
