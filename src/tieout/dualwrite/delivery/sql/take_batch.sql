-- question:   Which records are owed next? They are taken out of the outbox; if this transaction does not
--             commit, they are owed again. Rows another worker has taken are passed over.
-- grain:      one row per record, however often it was stated
-- parameters: map, batch_size, after, up_to
-- index:      outbox_entry_pkey
with range as (
    select min(o.id) as id_from, max(o.id) as id_to
    from (
        select o.id
        from outbox_entry o
        where o.map = %(map)s and o.id > %(after)s and o.id <= %(up_to)s
        order by o.id
        limit %(batch_size)s
    ) o
),
taken as (
    delete from outbox_entry e
    -- between two numbers: the planner takes that for few rows, however badly it knows an outbox that fills up
    where e.map = %(map)s and e.id between (select r.id_from from range r) and (select r.id_to from range r)
    returning e.key
)
insert into outbox_taken (key)
select distinct t.key from taken t
