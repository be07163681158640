-- question:   What became of each invoice of the batch, or would become of it in a preview, and whose projects are on it?
-- grain:      one row per invoice, in their order; number and voucher are blank where none was given
-- parameters: none
-- index:      finance_intercompany_invoice_pkey, finance_voucher_pkey, finance_project_pkey
select
    v.borrowing_company,
    v.currency_code,
    coalesce(y.digits, 2) as digits,
    coalesce(v.project, '') as project,
    v.is_credit,
    v.lines,
    v.amount,
    v.accounting_amount,
    v.tax_amount,
    coalesce(i.number, '') as number,
    coalesce(w.number, '') as voucher,
    v.code,
    v.details::text as details,
    (
        select array_agg(distinct p.number)
        from lent_line l
        join finance_project p on p.id = l.project_id
        where l.place = v.place
    ) as projects
from lent_invoice v
left join finance_intercompany_invoice i on i.id = v.invoice_id
left join finance_voucher w on w.id = v.voucher_id
left join finance_currency y on y.code = v.currency_code
order by v.place
