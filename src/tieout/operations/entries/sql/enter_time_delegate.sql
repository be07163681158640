-- question:   Enter these records (time_delegate): which are new, which change, which are there already? A resource has one
--             delegate at a time: days that another delegate has, or another record of this request, are refused.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_time_delegate_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, resource_id uuid, "user" text, valid_from date, valid_to date
    )
),
refused as materialized (
    select distinct on (n."row")
        n."row", other.user_name || ' ' || other.valid_from || ' to ' || other.valid_to as stored
    from n
    inner join (
        select x.resource_id, x.user_name::text as user_name, x.valid_from, x.valid_to
        from operations_time_delegate x
        union all
        select x.resource_id, x."user", x.valid_from, x.valid_to from n x
    ) other
        on other.resource_id = n.resource_id
        and other.valid_from <> n.valid_from
        and other.valid_from <= n.valid_to
        and other.valid_to >= n.valid_from
    order by n."row", other.valid_from
),
written as (
    insert into operations_time_delegate as t (resource_id, user_name, valid_from, valid_to, version)
    select n.resource_id, n."user", n.valid_from, n.valid_to, 1
    from n
    where n.valid_to >= n.valid_from and n."row" not in (select r."row" from refused r)
    on conflict (resource_id, valid_from) do update set
        user_name = excluded.user_name,
        valid_to = excluded.valid_to,
        version = t.version + 1
    where (t.user_name, t.valid_to) is distinct from (excluded.user_name, excluded.valid_to)
    returning resource_id, valid_from, version = 1 as is_new
)
select
    n."row",
    case
        when n.valid_to < n.valid_from then 'LOAD-228'
        when r."row" is not null then 'LOAD-229'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    case when n.valid_to < n.valid_from then 'valid_to' when r."row" is not null then 'valid_from' else '' end as field,
    coalesce(r.stored, '') as stored,
    n.valid_to::text as value
from n
left join refused r on r."row" = n."row"
left join written w on w.resource_id = n.resource_id and w.valid_from = n.valid_from
