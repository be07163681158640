-- question:   Which documents of the batch wait no longer?
-- grain:      one row of finance_posting_queue deleted per posted document; reports their number
-- parameters: none
-- index:      none: each row lies where it was locked. Joined by key, a batch that is newer than the statistics was
--             planned as 2,000 times 2,000 comparisons
delete from finance_posting_queue q
using document_verdict v
where q.ctid = v.queue_place
    and v.code is null
