-- question:   Which problems did these records meet? One stands open per process and record: the same problem
--             again is not logged again, another one closes it.
-- grain:      one row of problem_log per problem that is new; reports their number
-- parameters: problems, process, run_id
-- index:      problem_log_record, problem_resolution_pkey
with given as materialized (
    select g.*
    from rows from (
        jsonb_to_recordset(%(problems)s::jsonb) as (
            code text, company_code text, record_kind text, record_id uuid, record_name text, details jsonb
        )
    ) with ordinality as g (code, company_code, record_kind, record_id, record_name, details, place)
),
superseded as (
    insert into problem_resolution (problem_id, resolved_by)
    select p.id, 'system'
    from given g
    join problem_log p on p.record_id = g.record_id and p.process = %(process)s
    where (p.code, p.details) is distinct from (g.code, g.details)
        and not exists (select from problem_resolution r where r.problem_id = p.id)
)
insert into problem_log (code, process, company_code, record_kind, record_id, record_name, details, run_id)
select g.code, %(process)s, g.company_code, g.record_kind, g.record_id, left(g.record_name, 200), g.details, %(run_id)s
from given g
where not exists (
    select
    from problem_log p
    where p.record_id = g.record_id
        and p.process = %(process)s
        and p.code = g.code
        and p.details = g.details
        and not exists (select from problem_resolution r where r.problem_id = p.id)
)
order by g.place
