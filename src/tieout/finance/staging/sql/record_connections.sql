-- question:   How many transaction connections did this delivery batch bring for each company?
-- grain:      one row of finance_intake per company; a connection carries no money
-- parameters: map, batch_id
-- index:      none: finance_staged_connection has no index by batch, and no map of it keeps an intake by default
insert into finance_intake (batch_id, map, company_code, row_count, amount_total)
select %(batch_id)s, %(map)s, s.company_code, count(*), 0
from finance_staged_connection s
where s.batch_id = %(batch_id)s
group by s.company_code
order by s.company_code
