-- question:   Which lines of the lender's worklist are on an invoice now?
-- grain:      one row of finance_lent_queue deleted per line of a good invoice; reports their number
-- parameters: none
-- index:      finance_lent_queue_pkey; the rest are temporary tables of one batch
delete from finance_lent_queue q
using lent_line l
join lent_invoice i on i.place = l.place and i.voucher_id is not null
where q.line_id = l.line_id
