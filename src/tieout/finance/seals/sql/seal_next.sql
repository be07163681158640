-- question:   Which batch of a company has waited longest for its seal? Seal it.
-- grain:      one row: the seal; none when nothing waits
-- parameters: company, actor
-- index:      finance_unsealed_batch_pkey, finance_seal_pkey, finance_voucher_xid, finance_voucher_line_pkey
with next as materialized (
    select waiting.company_code, waiting.batch
    from finance_unsealed_batch as waiting
    where waiting.company_code = %(company)s
    order by waiting.batch
    limit 1
),

link as materialized (
    select
        next.company_code, next.batch, content.vouchers, content.entries, content.content,
        coalesce(last.place, 0) + 1 as place, coalesce(last.seal, '') as previous
    from next
    cross join lateral finance_batch_content(next.company_code, next.batch) as content
    left join lateral (
        select one.place, one.seal
        from finance_seal as one
        where one.company_code = next.company_code
        order by one.place desc
        limit 1
    ) as last on true
),

settled as (
    delete from finance_unsealed_batch as waiting
    using next
    where waiting.company_code = next.company_code and waiting.batch = next.batch
)

insert into finance_seal (
    company_code, place, batch, vouchers, entries, content, previous, seal, sealed_by
)
select
    link.company_code, link.place, link.batch, link.vouchers, link.entries, link.content, link.previous,
    finance_seal_of(link.company_code, link.place, link.vouchers, link.entries, link.content, link.previous),
    %(actor)s
from link
returning place, vouchers, entries, seal
