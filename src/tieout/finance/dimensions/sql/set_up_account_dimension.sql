-- question:   Which records (entity account_dimension) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_account_dimension_key
select
    t.company_code as company,
    t.account,
    t.last_account,
    t.dimension,
    t.demand
from finance_account_dimension t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'account' is null or t.account = %(key)s::jsonb ->> 'account')
    and (%(key)s::jsonb ->> 'last_account' is null or t.last_account = %(key)s::jsonb ->> 'last_account')
    and (%(key)s::jsonb ->> 'dimension' is null or t.dimension = %(key)s::jsonb ->> 'dimension')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'account' is null or t.account ^@ (%(prefix)s::jsonb ->> 'account'))
    and (%(prefix)s::jsonb ->> 'last_account' is null or t.last_account ^@ (%(prefix)s::jsonb ->> 'last_account'))
    and (%(prefix)s::jsonb ->> 'dimension' is null or t.dimension ^@ (%(prefix)s::jsonb ->> 'dimension'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.account, t.last_account, t.dimension)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'account',
            %(after)s::jsonb ->> 'last_account',
            %(after)s::jsonb ->> 'dimension'
        )
    )
order by t.company_code, t.account, t.last_account, t.dimension
limit %(row_limit)s
