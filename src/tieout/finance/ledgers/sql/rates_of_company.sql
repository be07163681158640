-- question:   Which exchange rates do the contracts and the books of a company need, and what is the last known of each?
-- grain:      one row per pair of currencies; rate is null where none is known on that day
-- parameters: company, today
-- index:      finance_company_code_key, finance_exchange_rate_key
with needed as (
    select n.of, n.into, string_agg(n.named_by, ', ' order by n.named_by) as named_by
    from (
        select k.currency_code as of, c.accounting_currency as into, 'contracts' as named_by
        from finance_company c
        join finance_contract k on k.company_code = c.code
        where c.code = %(company)s
        group by k.currency_code, c.accounting_currency
        union
        select c.accounting_currency, c.reporting_currency, 'reporting'
        from finance_company c
        where c.code = %(company)s
    ) n
    where n.of <> n.into
    group by n.of, n.into
)
select n.of, n.into, n.named_by, r.rate, r.valid_from, coalesce(r.source, '') as source, %(today)s::date - r.valid_from as age
from needed n
left join lateral (
    select x.rate, x.valid_from, x.source
    from finance_exchange_rate x
    where x.from_currency = n.of
        and x.to_currency = n.into
        and x.rate_type = 'default'
        and x.valid_from <= %(today)s::date
    order by x.valid_from desc
    limit 1
) r on true
order by n.of, n.into
