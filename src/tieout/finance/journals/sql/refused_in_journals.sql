-- question:   Which of these journals hold both lines that are posted and lines that were refused? Of one where nothing was
--             posted the lines stay together.
-- grain:      one row per journal, with how many of its lines are refused
-- parameters: journals
-- index:      finance_journal_line_key, finance_journal_move_key, finance_journal_move_place,
--             finance_voucher_document_id_key
select l.journal_id, count(*) filter (where v.id is null) as refused
from finance_standing_line l
left join lateral (select x.id from finance_voucher x where x.document_id = l.id limit 1) v on true
where l.journal_id = any(%(journals)s::bigint[])
group by l.journal_id
having count(v.id) > 0 and count(*) > count(v.id)
order by l.journal_id
