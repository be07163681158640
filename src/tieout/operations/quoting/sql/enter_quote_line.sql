-- question:   Enter these records (quote_line): which are new, which change, which are there already?
--             The lines of a quote that is won or lost stay as they are.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_quote_line_key
with n as materialized (
    select n.*, coalesce(n.include_fee_said = 1, n.billing_method = 'time_and_materials') as include_fee
    from (
        select
            "row", quote_id, line_number, "name", billing_method, include_time = 1 as include_time,
            include_expense = 1 as include_expense, include_material = 1 as include_material,
            include_fee as include_fee_said, included_tasks, amount, not_to_exceed, discount_percent, fee_percent,
            project_id
        from jsonb_to_recordset(%(records)s::jsonb) as n (
            "row" int, quote_id uuid, line_number int, "name" text, billing_method text, include_time int,
            include_expense int, include_material int, include_fee int, included_tasks text, amount numeric,
            not_to_exceed numeric, discount_percent numeric, fee_percent numeric, project_id uuid
        )
    ) as n
),
judged as materialized (
    select n."row", q.number, q.status, p.number as project, p.stage, barred.field, barred.value
    from n
    inner join operations_quote q on q.id = n.quote_id
    left join operations_quote_line t on t.quote_id = n.quote_id and t.line_number = n.line_number
    left join operations_project p on p.id = n.project_id
    left join lateral (
        select field, value
        from (
            values
            (1, 'include_fee', case n.include_fee_said when 1 then 'yes' end),
            (2, 'not_to_exceed', trim_scale(n.not_to_exceed)::text),
            (3, 'discount_percent', trim_scale(n.discount_percent)::text),
            (4, 'fee_percent', trim_scale(n.fee_percent)::text)
        ) as said (place, field, value)
        where value is not null and n.billing_method = 'fixed_price'
        order by place
        limit 1
    ) as barred on true
    where (
        t.name, t.billing_method, t.include_time, t.include_expense, t.include_material, t.include_fee,
        t.included_tasks, t.amount, t.not_to_exceed, t.discount_percent, t.fee_percent, t.project_id
    ) is distinct from (
        n.name, n.billing_method, n.include_time, n.include_expense, n.include_material, n.include_fee,
        n.included_tasks, n.amount, n.not_to_exceed, n.discount_percent, n.fee_percent, n.project_id
    )
),
refused as materialized (
    select "row", 'LOAD-349' as code, 'quote' as field, status as stored, number as value
    from judged
    where status <> 'draft'
    union all
    select "row", 'LOAD-342', field, null, value
    from judged
    where status = 'draft' and field is not null
    union all
    select "row", 'LOAD-350', 'project', stage, project
    from judged
    where status = 'draft' and field is null and stage <> 'presales'
),
written as (
    insert into operations_quote_line as t (
        quote_id, line_number, name, billing_method, include_time, include_expense, include_material, include_fee,
        included_tasks, amount, not_to_exceed, discount_percent, fee_percent, project_id, version
    )
    select
        n.quote_id, n.line_number, n.name, n.billing_method, n.include_time, n.include_expense, n.include_material,
        n.include_fee, n.included_tasks, n.amount, n.not_to_exceed, n.discount_percent, n.fee_percent, n.project_id, 1
    from n
    inner join judged on judged."row" = n."row"
    where n."row" not in (select r."row" from refused r)
    on conflict (quote_id, line_number) do update set
        name = excluded.name,
        billing_method = excluded.billing_method,
        include_time = excluded.include_time,
        include_expense = excluded.include_expense,
        include_material = excluded.include_material,
        include_fee = excluded.include_fee,
        included_tasks = excluded.included_tasks,
        amount = excluded.amount,
        not_to_exceed = excluded.not_to_exceed,
        discount_percent = excluded.discount_percent,
        fee_percent = excluded.fee_percent,
        project_id = excluded.project_id,
        version = t.version + 1
    returning quote_id, line_number, version = 1 as is_new
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
left join written w on w.quote_id = n.quote_id and w.line_number = n.line_number
left join refused r on r."row" = n."row"
