-- question:   Which records are owed next? They are taken out of the outbox; if this transaction does not
--             commit, they are owed again. Rows another worker has taken are passed over.
-- grain:      one row per record, however often it was stated
-- parameters: map, batch_size, after, up_to
-- index:      outbox_entry_pkey
with taken as (
    delete from outbox_entry e
    -- an array, so that the delete looks each key up: a join is planned badly while the outbox fills up
    where e.map = %(map)s
        and e.id = any(array(
            select o.id
            from outbox_entry o
            where o.map = %(map)s and o.id > %(after)s and o.id <= %(up_to)s
            order by o.id
            limit %(batch_size)s
            for update skip locked
        ))
    returning e.key
)
insert into outbox_taken (key)
select distinct t.key from taken t
