-- question:   Which records (entity lending_relationship) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_lending_relationship_key
select
    t.company_code as company,
    t.borrowing_company,
    t.accrue_revenue,
    a.code as time_category,
    b.code as expense_category,
    k.account_number as customer,
    v.account_number as vendor
from finance_lending_relationship t
left join finance_category a on a.id = t.time_category_id
left join finance_category b on b.id = t.expense_category_id
left join finance_customer k on k.id = t.customer_id
left join finance_vendor v on v.id = t.vendor_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'borrowing_company' is null or t.borrowing_company = %(key)s::jsonb ->> 'borrowing_company')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'borrowing_company' is null or t.borrowing_company ^@ (%(prefix)s::jsonb ->> 'borrowing_company'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.borrowing_company)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'borrowing_company'
        )
    )
order by t.company_code, t.borrowing_company
limit %(row_limit)s
