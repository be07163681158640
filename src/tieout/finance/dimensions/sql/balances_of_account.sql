-- question:   What stands on an account at the end of a day, for each set of dimension values?
-- grain:      one row per set that was posted there, that of no dimensions first
-- parameters: company, account, as_of
-- index:      finance_account_total_of, finance_dimension_set_pkey
select
    coalesce(s.combination, '{}'::jsonb)::text as combination,
    sum(t.entries)::bigint as entries,
    sum(t.debit - t.credit) as accounting_amount,
    sum(t.reporting_amount) as reporting_amount
from finance_account_total t
left join finance_dimension_set s on s.id = t.dimension_set_id
where t.company_code = %(company)s and t.account = %(account)s and t.accounting_date <= %(as_of)s
group by t.dimension_set_id, s.combination
order by t.dimension_set_id <> 0, s.combination
