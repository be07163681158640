-- question:   Enter these records (custom_field): which are new, which change, which are there already? A field that entries
--             have keeps its kind.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_custom_field_name_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, "name" text, title text, kind text, choices text, on_time boolean, on_expense boolean,
        on_material boolean, required boolean, active boolean
    )
),
written as (
    insert into operations_custom_field as t (
        name, title, kind, choices, on_time, on_expense, on_material, is_required, active, version
    )
    select
        n.name, n.title, n.kind, coalesce(n.choices, ''), n.on_time, n.on_expense, n.on_material, n.required, n.active, 1
    from n
    on conflict (name) do update set
        title = excluded.title,
        choices = excluded.choices,
        on_time = excluded.on_time,
        on_expense = excluded.on_expense,
        on_material = excluded.on_material,
        is_required = excluded.is_required,
        active = excluded.active,
        version = t.version + 1
    where t.kind = excluded.kind
        and (t.title, t.choices, t.on_time, t.on_expense, t.on_material, t.is_required, t.active)
        is distinct from (
            excluded.title, excluded.choices, excluded.on_time, excluded.on_expense, excluded.on_material,
            excluded.is_required, excluded.active
        )
    returning name, version = 1 as is_new
)
select
    n."row",
    case
        when t.kind <> n.kind then 'LOAD-210'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    case when t.kind <> n.kind then 'kind' else '' end as field,
    coalesce(t.kind, '') as stored,
    n.kind as value
from n
left join operations_custom_field t on t.name = n.name
left join written w on w.name = n.name
