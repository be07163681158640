-- question:   Enter these records (project): which are new, which change, which are there already?
--             A project never changes its company: its actuals are in that company's books. One that is closed
--             changes only by being reopened. None comes to a line of a lost contract.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_project_number_key, operations_contract_line_pkey, operations_contract_pkey
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, number text, "name" text, company text, contracting_unit_id uuid, "stage" text,
        contract_line_id uuid
    )
),
refused as materialized (
    select n."row", 'LOAD-210' as code, 'company' as field, t.company_code as stored, n.company as value
    from n
    join operations_project t on t.number = n.number
    where t.company_code <> n.company
    union all
    select n."row", 'LOAD-346', 'number', t.stage, n.number
    from n
    join operations_project t on t.number = n.number
    where t.company_code = n.company
        and t.stage = 'closed'
        and n.stage = 'closed'
        and (t.name, t.unit_id, t.contract_line_id) is distinct from (n.name, n.contracting_unit_id, n.contract_line_id)
    union all
    select n."row", 'LOAD-358', 'contract', c.state, c.number
    from n
    join operations_contract_line l on l.id = n.contract_line_id
    join operations_contract c on c.id = l.contract_id and c.state = 'lost'
    left join operations_project t on t.number = n.number
    where t.id is null
        or (
            t.company_code = n.company
            and t.contract_line_id is distinct from n.contract_line_id
            and not (t.stage = 'closed' and n.stage = 'closed')
        )
),
written as (
    insert into operations_project as t (number, name, company_code, unit_id, stage, contract_line_id, version)
    select
        n.number,
        n.name,
        n.company,
        n.contracting_unit_id,
        n.stage,
        n.contract_line_id,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (number) do update set
        name = excluded.name,
        company_code = excluded.company_code,
        unit_id = excluded.unit_id,
        stage = excluded.stage,
        contract_line_id = excluded.contract_line_id,
        version = t.version + 1
    where (t.name, t.company_code, t.unit_id, t.stage, t.contract_line_id) is distinct from (excluded.name, excluded.company_code, excluded.unit_id, excluded.stage, excluded.contract_line_id)
    returning id, number, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_projects', id from written where outbox_captures('msdyn_projects')
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
left join written w on w.number = n.number
left join refused r on r."row" = n."row"
