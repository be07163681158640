-- question:   Which delivery batches of this company wait for automatic approval, oldest first?
-- grain:      one row per delivery batch
-- parameters: company, maps
-- index:      operations_intake_open
select id as intake_id, batch_id, map
from operations_intake
where processed_at is null
    and company_code = %(company)s
    and map = any(%(maps)s)
order by id
