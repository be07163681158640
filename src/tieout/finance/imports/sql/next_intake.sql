-- question:   Which delivery batch of actuals is imported next?
-- grain:      one row, or none when all are imported
-- parameters: company, after
-- index:      finance_intake_open
select i.id, i.batch_id
from finance_intake i
where i.map = 'msdyn_actuals' and i.company_code = %(company)s and i.processed_at is null and i.id > %(after)s
order by i.id
limit 1
