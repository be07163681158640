-- The periods into which a module of a company may post (finance spec 1.10, 2.4). Closing periods share the dates of the
-- last operating period and are never found by a date. A period is open where neither its status for all modules nor
-- that for this one says otherwise; without a status it is open.
drop view if exists finance_open_period;
create view finance_open_period as
select c.code as company_code, m.module, p.starts, p.ends
from finance_company c
join finance_fiscal_period p on p.calendar = c.calendar and p.kind = 'operating'
cross join (values ('general_ledger'), ('project'), ('accounts_payable'), ('expense')) m (module)
where not exists (
    select
    from finance_period_status s
    where s.company_code = c.code and s.period_id = p.id and s.module in ('', m.module) and s.status <> 'open'
);
