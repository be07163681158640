-- question:   Give these entries or lines back: the draft holds their actuals no more, and they are live again.
-- grain:      one row in all: how many actuals were given back
-- parameters: journal_id, source_ids, actor
-- index:      operations_taken_actual_of
with given_back as (
    delete from operations_taken_actual
    where journal_id = %(journal_id)s::uuid and source_id = any(%(source_ids)s::uuid[])
    returning actual_id
),

live as (
    insert into operations_actual_status (actual_id, machine, status, set_by)
    select actual_id, 'adjustment', 'live', %(actor)s
    from given_back
)

select count(*) as actuals from given_back
