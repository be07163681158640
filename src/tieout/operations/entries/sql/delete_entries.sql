-- question:   Delete these drafts and returned entries of a company: which go? One that was ever approved has actuals that
--             point to it, and stays.
-- grain:      one row in all: how many were deleted and which, and the problem of each that was not
-- parameters: entry_ids, company
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_approval_of_entry
with judged as materialized (
    select
        entry.id, entry.external_id, entry.transaction_class, open.place, coalesce(open.status, 'approved') as status,
        case
            when coalesce(open.status, 'approved') not in ('draft', 'returned') then 'APR-114'
            when exists (
                select from operations_approval as done
                where done.document_id = entry.id
                    and done.document_kind in ('time_entry', 'expense_entry', 'material_usage')
            ) then 'APR-115'
            else ''
        end as code
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    where entry.company_code = %(company)s
),

closed as (
    delete from operations_open_entry as open
    using judged
    where open.ctid = judged.place and judged.code = ''
),

gone as (
    delete from operations_entry as entry
    using judged
    where entry.id = judged.id and judged.code = ''
)

select
    count(*) filter (where code = '') as done,
    coalesce(array_agg(id) filter (where code = ''), '{}') as gone,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code, 'company_code', %(company)s::text, 'record_kind', operations_entry_kind(transaction_class),
                'record_id', id, 'record_name', external_id,
                'details', jsonb_build_object('record', external_id, 'status', status)
            )
        ) filter (where code <> ''),
        '[]'
    )::text as refused
from judged
