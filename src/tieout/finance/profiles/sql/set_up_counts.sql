-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'project_group' as entity, (
    select count(*)
    from (
        select
        from finance_project_group t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'project_group_member' as entity, (
    select count(*)
    from (
        select
        from finance_project_group_member t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'project_profile' as entity, (
    select count(*)
    from (
        select
        from finance_project_profile t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'profile_rule' as entity, (
    select count(*)
    from (
        select
        from finance_profile_rule t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
