-- question:   What does the set-up of a company lack that integration needs (finance spec 3.10)?
-- grain:      one row per gap: a code of the problem catalogue and the fields its texts are filled from
-- parameters: company, today
-- index:      none: a handful of rows
with accounts (account_kind, account) as (
    select 'expense', coalesce(max(expense_integration_account), '')
      from finance_integration_parameters where company_code = %(company)s
    union all
    select 'procurement', coalesce(max(procurement_integration_account), '')
      from finance_integration_parameters where company_code = %(company)s
),
billing_types (billing_type) as (
    values ('not_specified'), ('chargeable'), ('non_chargeable'), ('complimentary'), ('not_available')
),
unmapped as (
    select t.billing_type
      from billing_types t
     where not exists (
        select from finance_line_property p
         where p.company_code = %(company)s and p.billing_type = t.billing_type
     )
),
periods as (
    select p.fiscal_year, p.starts, p.ends, p.kind, coalesce(s.status, 'open') as status
      from finance_company c
      join finance_fiscal_period p on p.calendar = c.calendar
      left join finance_period_status s on s.period_id = p.id and s.company_code = c.code and s.module = ''
     where c.code = %(company)s
),
window_years as (
    select fiscal_year
      from periods
     group by fiscal_year
    having min(starts) <= %(today)s::date
     order by min(starts) desc
     limit 2
),
needed_rates (from_currency, to_currency, named_by) as (
    select k.currency_code, c.accounting_currency, 'Contracts are in this currency'
      from finance_company c
      join finance_contract k on k.company_code = c.code
     where c.code = %(company)s
    union
    select c.accounting_currency, c.reporting_currency, 'The company reports in the other'
      from finance_company c
     where c.code = %(company)s
)
select 'CFG-201' as code, jsonb_build_object('account_kind', account_kind, 'company', %(company)s::text) as fields
  from accounts
 where account = ''
union all
select 'CFG-221', jsonb_build_object('company', %(company)s::text)
 where exists (
    select from finance_integration_parameters i where i.company_code = %(company)s and not i.workspace_enabled
)
union all
select 'CFG-202',
       jsonb_build_object('company', %(company)s::text, 'expected', 5, 'found', 5 - count(*),
                          'missing', string_agg(billing_type, ', ' order by billing_type))
  from unmapped
having count(*) > 0
union all
select 'CFG-902', jsonb_build_object('today', %(today)s::date)
 where not exists (
    select from periods
     where kind = 'operating' and status = 'open' and fiscal_year in (select fiscal_year from window_years)
 )
union all
select 'CFG-203',
       jsonb_build_object('company', %(company)s::text, 'first', p.ends + 1, 'last', p.next_starts - 1)
  from (
    select o.ends, lead(o.starts) over (order by o.starts) as next_starts
      from periods o
     where o.kind = 'operating'
  ) p
 where p.next_starts > p.ends + 1
union all
select 'CFG-220',
       jsonb_build_object('company', %(company)s::text, 'from_currency', n.from_currency, 'to_currency', n.to_currency,
                          'named_by', n.named_by, 'today', %(today)s::date)
  from needed_rates n
 where n.from_currency <> n.to_currency
   and finance_rate(n.from_currency, n.to_currency, %(today)s::date) is null
 order by code
