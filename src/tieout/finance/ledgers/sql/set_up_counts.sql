-- question:   How many records of each entity does an actor see, counted up to a most?
-- grain:      one row per entity; companies null: of all companies
-- parameters: companies, most
-- index:      none: no more than the most is read of each table
select 'currency' as entity, (
    select count(*)
    from (
        select
        from finance_currency t
        limit %(most)s
    ) as seen
) as records
union all
select 'company' as entity, (
    select count(*)
    from (
        select
        from finance_company t
        where (%(companies)s::text[] is null or t.code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'account' as entity, (
    select count(*)
    from (
        select
        from finance_account t
        where (
            %(companies)s::text[] is null
            or t.chart in (select c.chart from finance_company c where c.code = any(%(companies)s::text[]))
            or not exists (select from finance_company c where c.chart = t.chart)
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'fiscal_period' as entity, (
    select count(*)
    from (
        select
        from finance_fiscal_period t
        where (
            %(companies)s::text[] is null
            or t.calendar in (select c.calendar from finance_company c where c.code = any(%(companies)s::text[]))
            or not exists (select from finance_company c where c.calendar = t.calendar)
        )
        limit %(most)s
    ) as seen
) as records
union all
select 'period_status' as entity, (
    select count(*)
    from (
        select
        from finance_period_status t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'exchange_rate' as entity, (
    select count(*)
    from (
        select
        from finance_exchange_rate t
        limit %(most)s
    ) as seen
) as records
union all
select 'integration_parameters' as entity, (
    select count(*)
    from (
        select
        from finance_integration_parameters t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'line_property' as entity, (
    select count(*)
    from (
        select
        from finance_line_property t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'payment_method' as entity, (
    select count(*)
    from (
        select
        from finance_payment_method t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'number_sequence' as entity, (
    select count(*)
    from (
        select
        from finance_number_sequence t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'posting_profile' as entity, (
    select count(*)
    from (
        select
        from finance_posting_profile t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
union all
select 'vendor' as entity, (
    select count(*)
    from (
        select
        from finance_vendor t
        where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
        limit %(most)s
    ) as seen
) as records
