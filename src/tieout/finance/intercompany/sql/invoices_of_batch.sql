-- question:   What became of each invoice of the batch, or would become of it in a preview?
-- grain:      one row per invoice, in their order; number and voucher are blank where none was given
-- parameters: none
-- index:      finance_intercompany_invoice_pkey, finance_voucher_pkey
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
    v.relationship_id
from lent_invoice v
left join finance_intercompany_invoice i on i.id = v.invoice_id
left join finance_voucher w on w.id = v.voucher_id
left join finance_currency y on y.code = v.currency_code
order by v.place
