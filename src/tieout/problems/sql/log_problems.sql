-- question:   Which problems did these records meet? One stands open per process and record: the same problem again is not
--             logged again, but counted and dated (problem_sighting); another one closes it. One that somebody deleted
--             from the screens and that is met again is closed and logged anew, so that it is shown again.
-- grain:      one row of problem_log per problem that is new; reports their number
-- parameters: problems, process, run_id
-- index:      problem_log_record, problem_resolution_pkey, problem_hidden_pkey, problem_sighting_pkey
with given as materialized (
    select g.*
    from rows from (
        jsonb_to_recordset(%(problems)s::jsonb) as (
            code text, company_code text, record_kind text, record_id uuid, record_name text, details jsonb
        )
    ) with ordinality as g (code, company_code, record_kind, record_id, record_name, details, place)
),
standing as materialized (
    select
        g.place,
        p.id,
        p.code = g.code and p.details = g.details
            and not exists (select from problem_hidden h where h.problem_id = p.id) as is_shown
    from given g
    join problem_log p on p.record_id = g.record_id and p.process = %(process)s
    where not exists (select from problem_resolution r where r.problem_id = p.id)
),
superseded as (
    insert into problem_resolution (problem_id, resolved_by)
    select distinct s.id, 'system'
    from standing s
    where not s.is_shown
),
seen_again as (
    insert into problem_sighting as t (problem_id, times, last_seen)
    select distinct s.id, 1, now()
    from standing s
    where s.is_shown
    order by s.id
    on conflict (problem_id) do update set times = t.times + 1, last_seen = now()
)
insert into problem_log (code, process, company_code, record_kind, record_id, record_name, details, run_id)
select g.code, %(process)s, g.company_code, g.record_kind, g.record_id, left(g.record_name, 200), g.details, %(run_id)s
from given g
where not exists (select from standing s where s.place = g.place and s.is_shown)
order by g.place
