-- question:   Enter these records (contract_line_project): which are new, which change, which are there already?
--             The lines of a closed project stay as they are, and nothing comes to a line of a lost contract.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_project_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_line_id uuid, project_id uuid, active int
    )
),
refused as materialized (
    select n."row", 'LOAD-346' as code, 'project' as field, p.stage as stored, p.number as value
    from n
    inner join operations_contract_line_project t
        on t.project_id = n.project_id and t.contract_line_id = n.contract_line_id
    inner join operations_project p on p.id = n.project_id
    where p.stage = 'closed' and t.active <> (n.active = 1)
    union all
    select n."row", 'LOAD-358', 'contract', c.state, c.number
    from n
    inner join operations_contract_line l on l.id = n.contract_line_id
    inner join operations_contract c on c.id = l.contract_id and c.state = 'lost'
    inner join operations_project p on p.id = n.project_id
    left join operations_contract_line_project t
        on t.project_id = n.project_id and t.contract_line_id = n.contract_line_id
    where n.active = 1 and t.active is distinct from true and (p.stage <> 'closed' or t.id is null)
),
written as (
    insert into operations_contract_line_project as t (contract_line_id, project_id, active, version)
    select
        n.contract_line_id,
        n.project_id,
        n.active = 1,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (project_id, contract_line_id) do update set
        active = excluded.active,
        version = t.version + 1
    where t.active is distinct from excluded.active
    returning project_id, contract_line_id, version = 1 as is_new
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.project_id = n.project_id and w.contract_line_id = n.contract_line_id
left join refused r on r."row" = n."row"
