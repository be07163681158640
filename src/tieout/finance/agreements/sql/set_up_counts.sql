-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'fixed_rate_agreement' as entity, (
    select count(*)
    from (
        select
        from finance_fixed_rate_agreement t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
