-- question:   Which ledger entries has a voucher?
-- grain:      one row per ledger entry, in their order
-- parameters: voucher
-- index:      finance_voucher_line_pkey
select
    l.line_no, l.account, coalesce(a.name, '') as name, l.posting_type, l.amount, l.currency_code,
    coalesce(y.digits, 2) as digits,
    l.accounting_amount, l.reporting_amount, coalesce(p.number, '') as project,
    coalesce(
        (select string_agg(e.key || ' ' || e.value, ', ' order by e.key) from jsonb_each_text(s.combination) e), ''
    ) as dimensions
from finance_voucher_line l
join finance_company c on c.code = l.company_code
left join finance_account a on a.chart = c.chart and a.number = l.account
left join finance_currency y on y.code = l.currency_code
left join finance_project p on p.id = l.project_id
left join finance_dimension_set s on s.id = l.dimension_set_id
where l.voucher_id = %(voucher)s
order by l.line_no
