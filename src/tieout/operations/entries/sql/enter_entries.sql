-- question:   Enter the landed entries as drafts: which are new, and why were the others not entered? One with the number
--             and class of another has to have its content (LOAD-210 names the first field that differs); the time of
--             a resource must not exceed what its company takes for a day (LOAD-224). An entry that came before in
--             this landing counts as being there.
-- grain:      one row per landed entry that was not entered, by its number
-- parameters: entered_by
-- index:      operations_entry_key, operations_entry_day, operations_open_entry_pkey
with entry as materialized (
    select
        n.*,
        first_value(n.row_number) over (partition by n.external_id, n.transaction_class order by n.row_number) as first_row
    from landed_entry n
),

-- What is entered here is not seen by this statement, so a stored entry is one from before.
compared as materialized (
    select
        e.row_number, e.first_row, e.transaction_class, e.company_code, e.resource_id, e.entry_date, e.minutes,
        s.id as stored_id, s.entry as stored, f.entry as earlier
    from entry e
    -- offset 0 keeps this a look-up by key: cost per entry does not grow with the history
    left join lateral (
        select x.id, x as entry
        from operations_entry x
        where x.external_id = e.external_id and x.transaction_class = e.transaction_class
        offset 0
    ) s on true
    left join lateral (
        select x as entry
        from landed_entry x
        where e.first_row < e.row_number and x.row_number = e.first_row
        offset 0
    ) f on true
),

-- The time that a resource has on a day with each new entry: what stands there, and what lands with it up to here.
day as materialized (
    select
        c.row_number,
        sum(c.minutes) over (partition by c.resource_id, c.entry_date order by c.row_number) as landed,
        c.resource_id, c.entry_date, coalesce(limits.daily_minutes, 1440) as most
    from compared c
    left join operations_project_parameters limits on limits.company_code = c.company_code
    where c.stored_id is null and c.first_row = c.row_number and c.transaction_class = 'time'
),

too_long as materialized (
    select d.row_number, d.most, d.landed + there.minutes as minutes
    from day d
    cross join lateral (
        select coalesce(sum(x.minutes), 0) as minutes
        from operations_entry x
        where x.resource_id = d.resource_id and x.date = d.entry_date and x.transaction_class = 'time'
        offset 0
    ) there
    where d.landed + there.minutes > d.most
),

entered as (
    insert into operations_entry (
        external_id, transaction_class, company_code, resource_id, project_id, task_id, time_type, role_id, category_id,
        product_id, product_name, subcontract_id, date, minutes, quantity, unit, price, currency_code, tax_amount,
        description, external_description, custom, entered_by
    )
    select
        e.external_id, e.transaction_class, e.company_code, e.resource_id, e.project_id, e.task_id, e.time_type,
        e.role_id, e.category_id, e.product_id, e.product_name, e.subcontract_id, e.entry_date, e.minutes, e.quantity, e.unit,
        e.price, e.currency_code, e.tax_amount, e.description, e.external_description, e.custom, %(entered_by)s
    from entry e
    where e.first_row = e.row_number
        and e.row_number not in (select t.row_number from too_long t)
    order by e.row_number
    on conflict (external_id, transaction_class) do nothing
    returning id, transaction_class, company_code, minutes
),

opened as (
    insert into operations_open_entry (entry_id, transaction_class, company_code, status, minutes)
    select n.id, n.transaction_class, n.company_code, 'draft', n.minutes
    from entered n
),

different as (
    select c.row_number, d.field, d.stored, d.value
    from compared c
    inner join entry e on e.row_number = c.row_number
    left join lateral (
        select x.field, x.stored, x.value
        from (
            select
                field.rank, field.name as field,
                coalesce(
                    case when c.stored_id is null then to_jsonb(c.earlier) else to_jsonb(c.stored) end ->> field.stored, ''
                ) as stored,
                coalesce(to_jsonb(e) ->> field.landed, '') as value
            from (
                values
                (1, 'company', 'company_code', 'company_code'),
                (2, 'resource', 'resource_id', 'resource_id'),
                (3, 'project', 'project_id', 'project_id'),
                (4, 'role', 'role_id', 'role_id'),
                (5, 'date', case when c.stored_id is null then 'entry_date' else 'date' end, 'entry_date'),
                (6, 'hours', 'minutes', 'minutes'),
                (7, 'description', 'description', 'description'),
                (8, 'task', 'task_id', 'task_id'),
                (9, 'dimensions', 'custom', 'custom'),
                (10, 'type', 'time_type', 'time_type'),
                (11, 'category', 'category_id', 'category_id'),
                (12, 'product', 'product_id', 'product_id'),
                (13, 'product_name', 'product_name', 'product_name'),
                (14, 'quantity', 'quantity', 'quantity'),
                (15, 'unit', 'unit', 'unit'),
                (16, 'price', 'price', 'price'),
                (17, 'currency', 'currency_code', 'currency_code'),
                (18, 'external_description', 'external_description', 'external_description'),
                (19, 'subcontract', 'subcontract_id', 'subcontract_id'),
                (20, 'tax', 'tax_amount', 'tax_amount')
            ) field (rank, name, stored, landed)
        ) x
        where case
            when x.field in ('quantity', 'price', 'tax') and '' not in (x.stored, x.value)
                then x.stored::numeric <> x.value::numeric
            else x.stored <> x.value
        end
        order by x.rank
        limit 1
    ) d on true
    where c.stored_id is not null or c.first_row < c.row_number
)

select
    d.row_number as "row",
    case when d.field is null then 'already there' else 'LOAD-210' end as outcome,
    d.field,
    operations_said(d.field, d.stored) as stored,
    operations_said(d.field, d.value) as value
from different d
union all
select t.row_number, 'LOAD-224', 'hours', t.most::text, t.minutes::text
from too_long t
