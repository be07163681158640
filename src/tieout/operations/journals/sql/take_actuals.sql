-- question:   Let a draft take these entries, or the entries of these actuals, with all of their actuals that count; of a
--             cancellation, these actuals of entry journals, and nothing is said of any other. What is taken is in process.
-- grain:      one row in all: how many entries (or lines) were taken with how many actuals, how many it held before, how
--             many actuals were left alone as no actuals of entry journals, and the problem of each that was refused
-- parameters: journal_id, company, of_class, entry_ids, actual_ids, actor
-- index:      operations_entry_pkey, operations_actual_pkey, operations_open_entry_pkey, operations_approval_of_entry,
--             operations_actual_source, operations_actual_reversal, operations_actual_status_of,
--             operations_journal_line_pkey, operations_taken_actual_pkey
with named as materialized (
    select asked.id as source_id, asked.id as actual_id, false as by_actual
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    union all
    select actual.source_id, asked.id, true
    from unnest(%(actual_ids)s::uuid[]) as asked (id)
    left join lateral (
        -- The offset keeps this a look-up by key.
        select * from operations_actual as one where one.id = asked.id offset 0
    ) as actual on true
),

source as materialized (
    select
        coalesce(named.source_id, named.actual_id) as id, min(named.actual_id::text) as said,
        count(*) filter (where named.by_actual) as actuals
    from named
    group by coalesce(named.source_id, named.actual_id)
),

judged as materialized (
    select
        source.*, entry.external_id, entry.transaction_class,
        journal.number || '/' || line.line_number as line_name,
        exists (
            select from operations_taken_actual as taken
            where taken.journal_id = %(journal_id)s::uuid and taken.source_id = source.id
        ) as is_held,
        %(of_class)s = '' and journal.id is null as is_ignored,
        case
            when %(of_class)s = '' then
                case
                    when journal.id is null then 'ignored'
                    when not live.exist then 'APR-113'
                    else operations_not_reversible(source.id)
                end
            when entry.id is null then 'JRN-125'
            when entry.transaction_class <> %(of_class)s then 'JRN-126'
            when open.status is not null then 'APR-111'
            when not live.exist then 'JRN-125'
            else operations_not_reversible(source.id)
        end as code,
        coalesce(open.status, 'approved') as status
    from source
    left join lateral (
        select * from operations_entry as one
        where one.id = source.id and one.company_code = %(company)s
        offset 0
    ) as entry on true
    left join lateral (
        select * from operations_journal_line as one
        where one.id = source.id and one.step = 'entry'
        offset 0
    ) as line on true
    left join operations_journal as journal on journal.id = line.journal_id and journal.company_code = %(company)s
    left join lateral operations_open_entry_of(entry.id) as open on true
    cross join lateral (
        select exists (select from operations_live_actuals(source.id)) as exist
    ) as live
),

taken as (
    insert into operations_taken_actual (actual_id, journal_id, source_id, taken_by)
    select actual.id, %(journal_id)s::uuid, judged.id, %(actor)s
    from judged
    cross join lateral (select * from operations_live_actuals(judged.id) offset 0) as actual
    where judged.code = ''
    returning actual_id, source_id
),

in_process as (
    insert into operations_actual_status (actual_id, machine, status, set_by)
    select actual_id, 'adjustment', 'in_process', %(actor)s
    from taken
)

select
    (select count(*) from taken) as actuals,
    (select count(distinct source_id) from taken) as sources,
    count(*) filter (where is_held) as held,
    coalesce(sum(actuals) filter (where is_ignored), 0)::bigint as ignored,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code, 'company_code', %(company)s::text,
                'record_kind', case when line_name is null then 'entry' else 'journal_line' end,
                'record_id', id, 'record_name', coalesce(external_id, line_name, said),
                'details', jsonb_build_object(
                    'record', coalesce(external_id, line_name, said), 'company', %(company)s::text, 'status', status,
                    'transaction_class', transaction_class, 'wanted', %(of_class)s::text
                )
            )
        ) filter (where code not in ('', 'ignored') and not is_held),
        '[]'
    )::text as refused
from judged
