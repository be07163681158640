-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'project_parameters' as entity, (
    select count(*)
    from (
        select
        from operations_project_parameters t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'organizational_unit' as entity, (
    select count(*)
    from (
        select
        from operations_organizational_unit t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'role' as entity, (
    select count(*)
    from (
        select
        from operations_role t
        limit %(most)s
    ) as seen
) as records
union all
select 'resource' as entity, (
    select count(*)
    from (
        select
        from operations_resource t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'category' as entity, (
    select count(*)
    from (
        select
        from operations_category t
        limit %(most)s
    ) as seen
) as records
union all
select 'customer' as entity, (
    select count(*)
    from (
        select
        from operations_customer t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract' as entity, (
    select count(*)
    from (
        select
        from operations_contract t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_customer' as entity, (
    select count(*)
    from (
        select
        from operations_contract_customer t
        inner join operations_contract c on c.id = t.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line t
        inner join operations_contract c on c.id = t.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'project' as entity, (
    select count(*)
    from (
        select
        from operations_project t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'task' as entity, (
    select count(*)
    from (
        select
        from operations_task t
        inner join operations_project p on p.id = t.project_id
        where (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line_project' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line_project t
        inner join operations_contract_line cl on cl.id = t.contract_line_id
        inner join operations_contract c on c.id = cl.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line_task' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line_task t
        inner join operations_contract_line cl on cl.id = t.contract_line_id
        inner join operations_contract c on c.id = cl.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line_role' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line_role t
        inner join operations_contract_line cl on cl.id = t.contract_line_id
        inner join operations_contract c on c.id = cl.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line_category' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line_category t
        inner join operations_contract_line cl on cl.id = t.contract_line_id
        inner join operations_contract c on c.id = cl.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'contract_line_customer' as entity, (
    select count(*)
    from (
        select
        from operations_contract_line_customer t
        inner join operations_contract_line cl on cl.id = t.contract_line_id
        inner join operations_contract c on c.id = cl.contract_id
        where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
