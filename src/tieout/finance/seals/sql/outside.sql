-- question:   How many vouchers of a company are in no batch that is sealed or waits for its seal, and how many wait?
-- grain:      one row
-- parameters: company
-- index:      none: reads the vouchers of the company once
select
    count(*) filter (where kept.place is null and waiting.batch is null) as outside,
    coalesce(min(v.number) filter (where kept.place is null and waiting.batch is null), '') as first_outside,
    count(*) filter (where waiting.batch is not null) as waiting
from finance_voucher as v
left join finance_seal as kept on kept.company_code = v.company_code and kept.batch = v.xid
left join finance_unsealed_batch as waiting on waiting.company_code = v.company_code and waiting.batch = v.xid
where v.company_code = %(company)s
