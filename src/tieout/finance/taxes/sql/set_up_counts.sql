-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'sales_tax_code' as entity, (
    select count(*)
    from (
        select
        from finance_sales_tax_code t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'sales_tax_group' as entity, (
    select count(*)
    from (
        select
        from finance_sales_tax_group t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'sales_tax_group_use' as entity, (
    select count(*)
    from (
        select
        from finance_sales_tax_group_use t
        where t.owner_kind in ('project', 'contract', 'customer')
            and (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'item_sales_tax_group_use' as entity, (
    select count(*)
    from (
        select
        from finance_sales_tax_group_use t
        where t.owner_kind in ('category', 'product')
            and (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
