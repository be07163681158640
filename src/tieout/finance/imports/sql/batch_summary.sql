-- question:   What has the batch in hand: good rows, their money, refused rows, reversals of nothing, and
--             which keys does it span?
-- grain:      one row; actual_to is null for an empty batch
-- parameters: none
-- index:      none: a temporary table of one batch
select
    count(*) filter (where b.code is null) as lines,
    coalesce(sum(b.accounting_amount) filter (where b.code is null), 0) as accounting_amount,
    count(*) filter (where b.code is not null) as refused,
    coalesce(bool_or(b.code = 'IMP-111'), false) as lacks_original,
    max(b.actual_id::text)::uuid as actual_to
from import_batch b
