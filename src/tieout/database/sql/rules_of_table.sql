-- question:   Which rules of a table can be asked of rows before they are written? A unique index that counts only
--             some rows, or is over an expression, is not among them.
-- grain:      one row per rule, in a lasting order
-- parameters: table_name
-- index:      the catalog's own
with target as (
    select %(table_name)s::regclass::oid as oid
),
rule as (
    select 'required' as kind, a.attname::text as name, array[a.attname::text] as columns, '' as expression,
        '' as other_table, '{}'::text[] as other_columns, false as nulls_count
    from target
    join pg_attribute a on a.attrelid = target.oid and a.attnum > 0 and a.attnotnull and not a.attisdropped
    union all
    select
        case c.contype when 'c' then 'check' else 'missing' end,
        c.conname::text,
        array(
            select a.attname::text
            from unnest(c.conkey) with ordinality as k (number, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
            order by k.place
        ),
        coalesce(pg_get_expr(c.conbin, c.conrelid), ''),
        case when c.contype = 'f' then c.confrelid::regclass::text else '' end,
        array(
            select a.attname::text
            from unnest(c.confkey) with ordinality as k (number, place)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number
            order by k.place
        ),
        false
    from target
    join pg_constraint c on c.conrelid = target.oid and c.contype in ('c', 'f')
    union all
    select
        'not_unique',
        i.indexrelid::regclass::text,
        array(
            select a.attname::text
            from unnest(i.indkey) with ordinality as k (number, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
            where k.place <= i.indnkeyatts
            order by k.place
        ),
        '',
        '',
        '{}',
        i.indnullsnotdistinct
    from target
    join pg_index i on i.indrelid = target.oid
        and i.indisunique and not i.indisprimary and i.indpred is null and i.indexprs is null
)
select r.kind, r.name, r.columns, r.expression, r.other_table, r.other_columns, r.nulls_count
from rule r
order by array_position(array['required', 'check', 'missing', 'not_unique'], r.kind), r.name
