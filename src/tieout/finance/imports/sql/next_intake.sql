-- question:   Which delivery batch of actuals is imported next? Where they are prevalidated, one that was.
-- grain:      one row, or none when all are imported
-- parameters: company, prevalidation, after
-- index:      finance_intake_open
select i.id, i.batch_id
from finance_intake i
where i.map = 'msdyn_actuals' and i.company_code = %(company)s and i.processed_at is null and i.id > %(after)s
    and (i.prevalidated_at is not null or not %(prevalidation)s)
order by i.id
limit 1
