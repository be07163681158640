-- question:   What does finance get of a project? Its situation is its column of the decision table.
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_project_pkey
select
    p.id,
    p.number,
    p.name,
    p.company_code,
    p.stage,
    (case when p.stage = 'sold' then l.billing_method else p.stage end)::varchar(30) as situation,
    p.contract_line_id,
    p.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_project p on p.id = t.key
left join operations_contract_line l on l.id = p.contract_line_id
where p.id between %(key_from)s::uuid and %(key_to)s::uuid
