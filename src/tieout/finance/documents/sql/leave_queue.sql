-- question:   Which documents of the batch wait no longer?
-- grain:      one row of finance_posting_queue deleted per posted document; reports their number
-- parameters: after, reached
-- index:      finance_posting_queue_pkey; the range of keys keeps the planner from reading the whole queue
delete from finance_posting_queue q
using document_verdict v
where q.document_id = v.document_id
    and v.code is null
    and q.document_id > %(after)s
    and q.document_id <= %(reached)s
