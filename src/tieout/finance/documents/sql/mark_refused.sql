-- question:   Which documents of the batch wait for another reason than before?
-- grain:      one row of finance_posting_queue updated per such document; reports their number
-- parameters: after, reached
-- index:      finance_posting_queue_pkey; the range of keys keeps the planner from reading the whole queue
update finance_posting_queue q
set code = v.code
from document_verdict v
where q.document_id = v.document_id
    and v.code is not null
    and v.code <> v.code_before
    and q.document_id > %(after)s
    and q.document_id <= %(reached)s
