-- question:   What did this delivery batch bring for each company?
-- grain:      one row of finance_intake per company; amounts in the accounting currency where the actual carries it
-- parameters: map, batch_id
-- index:      finance_staged_actual_batch
insert into finance_intake (batch_id, map, company_code, row_count, amount_total)
select %(batch_id)s, %(map)s, s.company_code, count(*), sum(coalesce(s.accounting_amount, s.amount))
from finance_staged_actual s
where s.batch_id = %(batch_id)s
group by s.company_code
order by s.company_code
