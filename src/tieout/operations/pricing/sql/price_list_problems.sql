-- question:   What is wrong with these price lists: never applying, overlapping, several prices of one key,
--             overrides of lines that are not there? Nothing of it is refused; it is said here.
-- grain:      one row in all: the problems found, and the records whose problem is over
-- parameters: lists
-- index:      operations_price_list_pkey, operations_price_list_use_key and foreign keys, operations_role_price_key,
--             problem_log_record
with list as materialized (
    select l.*, (
        select min(u.company_code)
        from operations_price_list_company u
        where u.price_list_id = l.id
    ) as company
    from operations_price_list l
    where l.id = any(%(lists)s::uuid[])
),
undated as (
    select 'LOAD-371' as code, company, 'price_list' as kind, id, code as name, jsonb_build_object('price_list', code) as details
    from list
    where valid_from is null or valid_to is null
),
overlapping as (
    select distinct on (list.id)
        'LOAD-372', list.company, 'price_list', list.id, list.code,
        jsonb_build_object(
            'price_list', list.code, 'other', other.code, 'context', list.context,
            'first_day', greatest(list.valid_from, other.valid_from), 'last_day', least(list.valid_to, other.valid_to)
        )
    from list
    join operations_price_list_use own on own.price_list_id = list.id and own.is_active
    join operations_price_list_use theirs
        on theirs.is_active
        and theirs.price_list_id <> own.price_list_id
        and (
            theirs.unit_id = own.unit_id
            or theirs.contract_id = own.contract_id
            or theirs.quote_id = own.quote_id
            or theirs.subcontract_id = own.subcontract_id
            or theirs.customer_id = own.customer_id
            or theirs.vendor_id = own.vendor_id
            or theirs.company_code = own.company_code
        )
    join operations_price_list other
        on other.id = theirs.price_list_id
        and other.is_active
        and other.context = list.context
        and (list.context = 'cost' or other.currency_code = list.currency_code)
        and other.valid_from <= list.valid_to
        and other.valid_to >= list.valid_from
    left join operations_quote quote on quote.id = own.quote_id
    -- What is said of a quote that is won or lost prices nothing any more.
    where list.is_active and coalesce(quote.status, 'draft') = 'draft'
    order by list.id, other.code
),
several as (
    select
        'LOAD-373', list.company, 'role_price', (array_agg(line.id order by line.id))[1],
        left(list.code || ' ' || coalesce(role.code, ''), 60),
        jsonb_build_object(
            'price_list', list.code, 'role', coalesce(role.code, ''),
            'dimensions', coalesce((select string_agg(k || '=' || v, ';' order by k) from jsonb_each_text(line.dimensions) as d (k, v)), ''),
            'prices', count(distinct said.price),
            'lowest', (array_agg(said.price order by line.method desc, line.price, line.percent))[1],
            'highest', (array_agg(said.price order by line.method, line.price desc, line.percent desc))[1]
        )
    from list
    join operations_role_price line on line.price_list_id = list.id
    left join operations_role role on role.id = line.role_id
    cross join lateral (
        select
            case line.method
                when 'price_per_unit' then line.price::text
                when 'at_cost' then 'at cost'
                else trim_scale(line.percent) || ' %% over cost'
            end as price
    ) as said
    group by list.code, list.company, line.price_list_id, line.key, line.unit, line.dimensions, role.code
    having count(distinct said.price) > 1
),
overriding_nothing as (
    select other.*
    from operations_price_override other
    where other.price_list_id = any(%(lists)s::uuid[])
        and other.target = 'price'
        and not exists (
            select from operations_role_price line where line.price_list_id = other.price_list_id and line.key = other.key
        )
    union all
    select other.*
    from operations_price_override other
    where other.price_list_id = any(%(lists)s::uuid[])
        and other.target = 'markup'
        and not exists (
            select
            from operations_role_price_markup line
            where line.price_list_id = other.price_list_id and line.key = other.key
        )
),
unused as (
    select
        'LOAD-374', list.company, 'price_override', other.id, list.code,
        jsonb_build_object(
            'price_list', list.code, 'target', other.target, 'effective_from', other.effective_from,
            'role', coalesce(role.code, '')
        )
    from list
    join overriding_nothing other on other.price_list_id = list.id
    left join operations_role role on role.id = other.role_id
),
found as materialized (
    select * from undated
    union all
    select * from overlapping
    union all
    select * from several
    union all
    select * from unused
)
select
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object(
                    'code', code, 'company_code', coalesce(company, ''), 'record_kind', kind, 'record_id', id,
                    'record_name', name, 'details', details
                )
            )
            from found
        ),
        '[]'
    )::text as problems,
    array(
        select met.record_id
        from problem_log met
        join list on list.id = met.record_id
        where met.process = 'load'
        union
        select met.record_id
        from problem_log met
        join operations_role_price line on line.id = met.record_id
        where met.process = 'load' and met.record_kind = 'role_price' and line.price_list_id = any(%(lists)s::uuid[])
        union
        select met.record_id
        from problem_log met
        join operations_price_override other on other.id = met.record_id
        where met.process = 'load' and other.price_list_id = any(%(lists)s::uuid[])
        except
        select id from found
    ) as mended
