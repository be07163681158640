-- question:   Which delivery batch of actuals is prevalidated next? One that is not imported, and has been here for as long as the
--             parameters of the company say; none where they do not ask for it.
-- grain:      one row, or none
-- parameters: company, after
-- index:      finance_intake_open, finance_integration_parameters_pkey
select i.id
from finance_intake i
join finance_integration_parameters p on p.company_code = i.company_code
where i.map = 'msdyn_actuals'
    and i.company_code = %(company)s
    and i.processed_at is null
    and i.prevalidated_at is null
    and i.id > %(after)s
    and p.prevalidation
    and i.received_at <= now() - make_interval(mins => p.prevalidation_minutes)
order by i.id
limit 1
