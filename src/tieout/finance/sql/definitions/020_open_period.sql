-- The periods into which a company may post (finance spec 1.10, 2.4). Closing periods share the dates of the
-- last operating period and are never found by a date; a period without a status of the company is open.
create or replace view finance_open_period as
select c.code as company_code, p.starts, p.ends
from finance_company c
join finance_fiscal_period p on p.calendar = c.calendar and p.kind = 'operating'
left join finance_period_status s on s.period_id = p.id and s.company_code = c.code
where coalesce(s.status, 'open') = 'open';
