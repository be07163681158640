-- question:   What does each seal of a company say, and what does its batch hold now?
-- grain:      one row per seal, in the order of the chain
-- parameters: company
-- index:      finance_seal_pkey, finance_voucher_xid, finance_voucher_line_pkey
select
    kept.place, kept.vouchers, kept.entries, kept.content, kept.previous, kept.seal, kept.sealed_at,
    found.vouchers as vouchers_now, found.entries as entries_now, found.content as content_now,
    finance_seal_of(
        kept.company_code, kept.place, kept.vouchers, kept.entries, kept.content, kept.previous
    ) as seal_now,
    coalesce(named.first_number, '') as first_number, coalesce(named.last_number, '') as last_number
from finance_seal as kept
cross join lateral finance_batch_content(kept.company_code, kept.batch) as found
cross join lateral (
    select min(v.number) as first_number, max(v.number) as last_number
    from finance_voucher as v
    where v.xid = kept.batch and v.company_code = kept.company_code
) as named
where kept.company_code = %(company)s
order by kept.place
