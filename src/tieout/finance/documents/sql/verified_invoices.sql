-- question:   Which vendor invoices of a company does the project manager verify, how far is each, and may it be paid?
-- grain:      one row per invoice, the latest first, at most row_limit before a given one; is_blocked: its payment waits
--             for lines that nobody has verified
-- parameters: company, only_blocked, before, row_limit
-- index:      finance_vendor_invoice_verifie, finance_vendor_invoice_line_key, finance_invoice_verification_o,
--             finance_vendor_pkey, finance_voucher_document_id_key, finance_currency_code_key
select
    i.id as invoice_id, p.account_number as vendor_account, p.name as vendor_name, i.invoice_number, i.invoice_date,
    i.accounting_date, l.amount, i.currency_code, coalesce(c.digits, 2) as digits, l.accounting_amount, l.lines, d.verified,
    d.rejected_because, d.rejected_by, i.block_payment, i.block_payment and d.verified < l.lines as is_blocked,
    d.released_at, i.entered_by, v.number as voucher
from finance_vendor_invoice i
left join finance_vendor p on p.id = i.vendor_id
left join finance_voucher v on v.document_id = i.id
left join finance_currency c on c.code = i.currency_code
cross join lateral (
    select count(*) as lines, coalesce(sum(x.amount), 0) as amount, coalesce(sum(x.accounting_amount), 0) as accounting_amount
    from finance_vendor_invoice_line x
    where x.invoice_id = i.id
    offset 0
) l
cross join lateral (
    select
        count(*) filter (where x.outcome = 'verified') as verified,
        max(x.decided_at) filter (where x.outcome = 'verified') as released_at,
        (array_agg(x.reason order by x.id desc) filter (where x.outcome = 'rejected' and not x.is_over))[1] as rejected_because,
        (array_agg(x.decided_by order by x.id desc) filter (where x.outcome = 'rejected' and not x.is_over))[1] as rejected_by
    from (
        -- a rejection is over when its line was verified after all
        select
            y.*,
            bool_or(y.outcome = 'verified') over (partition by y.line_id) as is_over
        from finance_invoice_verification y
        where y.invoice_id = i.id
    ) x
    offset 0
) d
where i.company_code = %(company)s
    and i.manual_verification
    and (%(before)s::uuid is null or i.id < %(before)s)
    and (not %(only_blocked)s or (i.block_payment and d.verified < l.lines))
order by i.id desc
limit %(row_limit)s
