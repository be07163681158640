-- question:   Which documents of the batch wait for another reason than before?
-- grain:      one row of finance_posting_queue updated per such document; reports their number
-- parameters: none
-- index:      none: each row lies where it was locked
update finance_posting_queue q
set code = v.code
from document_verdict v
where q.ctid = v.queue_place
    and v.code is not null
    and v.code <> v.code_before
