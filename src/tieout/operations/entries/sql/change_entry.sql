-- question:   Give these entries, which are drafts or returned, the content that has landed for them: which change, and why
--             do others not? The history keeps what was there before.
-- grain:      one row per landed entry, by its number, with its outcome
-- parameters: actor
-- index:      operations_entry_key, operations_open_entry_pkey, operations_entry_day
with judged as materialized (
    select
        n.row_number, n.minutes as new_minutes, e.id, open.place, open.submission_id,
        coalesce(limits.daily_minutes, 1440) as most, day.minutes + n.minutes as day_minutes,
        changed.content, changed.words,
        case
            when e.id is null or e.company_code <> n.company_code then 'APR-116'
            when coalesce(open.status, 'approved') not in ('draft', 'returned') then 'APR-114'
            when changed.content is null then 'already there'
            when day.minutes + n.minutes > coalesce(limits.daily_minutes, 1440) then 'LOAD-224'
            else 'changed'
        end as outcome
    from landed_entry n
    left join lateral (
        select * from operations_entry x
        where x.external_id = n.external_id and x.transaction_class = n.transaction_class
        offset 0
    ) e on true
    left join lateral operations_open_entry_of(e.id) open on true
    left join operations_project_parameters limits on limits.company_code = n.company_code
    cross join lateral (
        select coalesce(sum(x.minutes), 0) as minutes
        from operations_entry x
        where n.minutes is not null
            and x.resource_id = n.resource_id and x.date = n.entry_date and x.transaction_class = 'time' and x.id <> e.id
        offset 0
    ) day
    cross join lateral (
        select
            jsonb_object_agg(field.key, field.new) as content,
            string_agg(
                operations_said(field.word, field.old) || ' -> ' || operations_said(field.word, field.new_text), '; '
                order by field.key
            ) as words
        from (
            select
                item.key, item.value as new,
                case item.key when 'minutes' then 'hours' when 'tax_amount' then 'tax' else replace(item.key, '_id', '') end as word,
                coalesce(to_jsonb(e) ->> item.key, '') as old, coalesce(item.value #>> '{}', '') as new_text
            from jsonb_each(
                to_jsonb(n) - 'row_number' - 'entry_date' || jsonb_build_object('date', n.entry_date)
            ) item
            where item.value is distinct from to_jsonb(e) -> item.key
                and not (
                    item.key in ('quantity', 'price', 'tax_amount')
                    and (item.value #>> '{}')::numeric is not distinct from (to_jsonb(e) ->> item.key)::numeric
                )
        ) field
    ) changed
),

rewritten as (
    update operations_entry t
    set (
        resource_id, project_id, task_id, time_type, role_id, category_id, product_id, product_name,
        subcontract_id, date, minutes, quantity, unit, price, currency_code, tax_amount, description,
        external_description, custom
    ) = (
        select
            x.resource_id, x.project_id, x.task_id, x.time_type, x.role_id, x.category_id, x.product_id,
            x.product_name, x.subcontract_id, x.date, x.minutes, x.quantity, x.unit, x.price, x.currency_code, x.tax_amount,
            x.description,
            x.external_description, x.custom
        from jsonb_populate_record(t, j.content) x
    )
    from judged j
    where t.id = j.id and j.outcome = 'changed'
),

counted as (
    update operations_open_entry t
    set minutes = j.new_minutes
    from judged j
    where t.ctid = j.place and j.outcome = 'changed'
),

noted as (
    insert into operations_entry_event (entry_id, submission_id, event, comment, done_by)
    select j.id, j.submission_id, 'changed', left(j.words, 400), %(actor)s
    from judged j
    where j.outcome = 'changed'
)

select
    j.row_number as "row",
    j.outcome,
    case j.outcome when 'LOAD-224' then 'hours' else '' end as field,
    case j.outcome when 'LOAD-224' then j.most::text else '' end as stored,
    case j.outcome when 'LOAD-224' then j.day_minutes::text else '' end as value
from judged j
