-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'dimension' as entity, (
    select count(*)
    from (
        select
        from finance_dimension t
        limit %(most)s
    ) as seen
) as records
union all
select 'dimension_value' as entity, (
    select count(*)
    from (
        select
        from finance_dimension_value t
        limit %(most)s
    ) as seen
) as records
union all
select 'dimension_default' as entity, (
    select count(*)
    from (
        select
        from finance_dimension_default t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'account_dimension' as entity, (
    select count(*)
    from (
        select
        from finance_account_dimension t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
