-- Published fact (DESIGN D8), read whole: the fiscal periods of every company, with its own status for
-- all modules (finance spec 1.10): the window of the workspace begins with the ledger's periods, whatever one module may do.
drop view if exists fact_period;
create view fact_period as
select c.code as company_code,
       p.fiscal_year,
       p.name,
       p.kind,
       p.starts,
       p.ends,
       coalesce(s.status, 'open')::varchar(20) as status
  from finance_company c
  join finance_fiscal_period p on p.calendar = c.calendar
  left join finance_period_status s on s.company_code = c.code and s.period_id = p.id and s.module = '';
