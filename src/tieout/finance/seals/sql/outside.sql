-- question:   How many vouchers of a company are in no batch that is sealed or waits for its seal, and how many wait? A
--             ledger entry whose voucher is not one of the company counts as a voucher that did not come through posting.
-- grain:      one row
-- parameters: company
-- index:      none: reads the vouchers and ledger entries of the company once
with voucher as (
    select
        count(*) filter (where kept.place is null and waiting.batch is null) as outside,
        min(v.number) filter (where kept.place is null and waiting.batch is null) as first_outside,
        count(*) filter (where waiting.batch is not null) as waiting
    from finance_voucher as v
    left join finance_seal as kept on kept.company_code = v.company_code and kept.batch = v.xid
    left join finance_unsealed_batch as waiting on waiting.company_code = v.company_code and waiting.batch = v.xid
    where v.company_code = %(company)s
),

stray as (
    select count(distinct l.voucher_id) as outside, min(l.voucher_id) as first_outside
    from finance_voucher_line as l
    left join finance_voucher as v on v.id = l.voucher_id and v.company_code = l.company_code
    where l.company_code = %(company)s and v.id is null
)

select
    voucher.outside + stray.outside as outside,
    coalesce(voucher.first_outside, 'entries without a voucher, key ' || stray.first_outside, '') as first_outside,
    voucher.waiting
from voucher
cross join stray
