-- question:   What do these records decide about work that is recorded already: the default billing of a role or category,
--             and who bears which share of a contract line (operations spec 4.9, 4.10)?
-- grain:      one row per role, category or line that is there
-- parameters: entity, records
-- index:      operations_role_code_key, operations_category_code_key, operations_contract_line_customer_key
with record as materialized (
    select distinct record.code, record.contract_line_id
    from jsonb_to_recordset(%(records)s::jsonb) as record (code text, contract_line_id uuid)
)

select role.id, role.default_billing::text as value
from record
inner join operations_role as role on role.code = record.code
where %(entity)s = 'role'
union all
select category.id, category.default_billing::text
from record
inner join operations_category as category on category.code = record.code
where %(entity)s = 'category'
union all
select line.id, coalesce(borne.value, '')
from record
inner join operations_contract_line as line on line.id = record.contract_line_id
left join lateral (
    select
        string_agg(
            concat_ws(' ', own.customer_id, trim_scale(own.percent), own.is_rounding), ',' order by own.customer_id
        ) as value
    from operations_line_customers(line.id) as own
    where own.percent > 0
) as borne on true
where %(entity)s = 'contract_line_customer'
