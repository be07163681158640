-- question:   Enter these records (contract_line): which are new, which change, which are there already?
--             A new line begins with the customers of its contract (operations spec 4.10). What finance knows of
--             a project follows its contract line, so its projects are stated again.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_key, operations_contract_customer_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_id uuid, line_number int, "name" text, billing_method text, include_time int,
        include_expense int, include_material int, include_fee int, included_tasks text, amount numeric,
        not_to_exceed numeric, discount_percent numeric, fee_percent numeric
    )
),
refused as materialized (
    -- The first of what a fixed price has no room for (operations spec 1.6).
    select n."row", 'LOAD-342' as code, barred.field, barred.value
    from n
    cross join lateral (
        select field, value
        from (
            values
            (1, 'include_fee', case n.include_fee when 1 then 'yes' end),
            (2, 'not_to_exceed', trim_scale(n.not_to_exceed)::text),
            (3, 'discount_percent', trim_scale(n.discount_percent)::text),
            (4, 'fee_percent', trim_scale(n.fee_percent)::text)
        ) as said (place, field, value)
        where value is not null
        order by place
        limit 1
    ) as barred
    where n.billing_method = 'fixed_price'
),
written as (
    insert into operations_contract_line as t (
        contract_id, line_number, name, billing_method, include_time, include_expense, include_material,
        include_fee, included_tasks, amount, not_to_exceed, discount_percent, fee_percent, version
    )
    select
        n.contract_id,
        n.line_number,
        n.name,
        n.billing_method,
        n.include_time = 1,
        n.include_expense = 1,
        n.include_material = 1,
        coalesce(n.include_fee = 1, n.billing_method = 'time_and_materials'),
        n.included_tasks,
        n.amount,
        n.not_to_exceed,
        n.discount_percent,
        n.fee_percent,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (contract_id, line_number) do update set
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
        version = t.version + 1
    where (
        t.name, t.billing_method, t.include_time, t.include_expense, t.include_material, t.include_fee,
        t.included_tasks, t.amount, t.not_to_exceed, t.discount_percent, t.fee_percent
    ) is distinct from (
        excluded.name, excluded.billing_method, excluded.include_time, excluded.include_expense,
        excluded.include_material, excluded.include_fee, excluded.included_tasks, excluded.amount,
        excluded.not_to_exceed, excluded.discount_percent, excluded.fee_percent
    )
    returning id, contract_id, line_number, version = 1 as is_new
),
customers as (
    insert into operations_contract_line_customer (
        contract_line_id, customer_id, percent, is_rounding, not_to_exceed, version
    )
    select w.id, c.customer_id, c.percent, c.is_rounding, null, 1
    from written w
    inner join operations_contract_customer c on c.contract_id = w.contract_id
    where w.is_new and c.percent > 0
),
projects as (
    update operations_project p set version = p.version + 1
    from written w
    where p.contract_line_id = w.id and not w.is_new
    returning p.id
),
stated as (
    insert into outbox_entry (map, key)
    select 'salesorderdetails', id from written where outbox_captures('salesorderdetails')
    union all
    select 'msdyn_projects', id from projects where outbox_captures('msdyn_projects')
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    null as stored,
    r.value
from n
left join written w on w.contract_id = n.contract_id and w.line_number = n.line_number
left join refused r on r."row" = n."row"
