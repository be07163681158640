-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'custom_field' as entity, (
    select count(*)
    from (
        select
        from operations_custom_field t
        limit %(most)s
    ) as seen
) as records
union all
select 'project_approver' as entity, (
    select count(*)
    from (
        select
        from operations_project_approver t
        inner join operations_project h on h.id = t.project_id
        where (%(companies)s::text[] is null or h.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'time_delegate' as entity, (
    select count(*)
    from (
        select
        from operations_time_delegate t
        inner join operations_resource h on h.id = t.resource_id
        where (%(companies)s::text[] is null or h.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
