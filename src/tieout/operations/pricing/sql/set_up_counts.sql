-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'unit' as entity, (
    select count(*)
    from (
        select
        from operations_measure_unit t
        limit %(most)s
    ) as seen
) as records
union all
select 'pricing_dimension' as entity, (
    select count(*)
    from (
        select
        from operations_pricing_dimension t
        limit %(most)s
    ) as seen
) as records
union all
select 'pricing_parameters' as entity, (
    select count(*)
    from (
        select
        from operations_pricing_parameters t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'product' as entity, (
    select count(*)
    from (
        select
        from operations_product t
        limit %(most)s
    ) as seen
) as records
union all
select 'price_list' as entity, (
    select count(*)
    from (
        select
        from operations_price_list t
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = t.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = t.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'price_list_use' as entity, (
    select count(*)
    from (
        select
        from operations_price_list_company t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'role_price' as entity, (
    select count(*)
    from (
        select
        from operations_role_price t
        inner join operations_price_list l on l.id = t.price_list_id
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'role_price_markup' as entity, (
    select count(*)
    from (
        select
        from operations_role_price_markup t
        inner join operations_price_list l on l.id = t.price_list_id
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'price_override' as entity, (
    select count(*)
    from (
        select
        from operations_price_override t
        inner join operations_price_list l on l.id = t.price_list_id
        left join operations_contract c on c.id = t.contract_id
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'category_price' as entity, (
    select count(*)
    from (
        select
        from operations_category_price t
        inner join operations_price_list l on l.id = t.price_list_id
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'product_price' as entity, (
    select count(*)
    from (
        select
        from operations_product_price t
        inner join operations_price_list l on l.id = t.price_list_id
        where (
            %(companies)s::text[] is null
            or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
            or exists (
                select
                from operations_price_list_company u
                where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
            )
        )
        limit %(most)s
    ) as seen
) as records
