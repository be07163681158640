-- question:   Between which keys do the taken records lie? Keys rise with time, so the range is narrow.
-- grain:      one row
-- parameters: none
-- index:      none, outbox_taken is a temporary table of one batch
select
    (select t.key from outbox_taken t order by t.key limit 1) as key_from,
    (select t.key from outbox_taken t order by t.key desc limit 1) as key_to
