-- question:   Can each credit note in hand be posted? It follows what it takes back, whatever was set up or closed since, and
--             is judged in this order: no number sequence (DOC-106), an invoice that it takes back is not posted (DOC-124),
--             the period not open (DOC-103: documents are never shifted).
-- grain:      one row of pending per credit note; voucher_id is not null when it is good
-- parameters: company, sequence
-- index:      finance_intercompany_vendor_line_key, finance_intercompany_invoice_line_pkey,
--             finance_intercompany_vendor_invoice_line_invoice_line_id_key, finance_voucher_document_id_key
create temporary table pending on commit drop as
with waiting as materialized (
    select distinct l.vendor_invoice_id
    from taken_invoice t
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = t.vendor_invoice_id
    join finance_intercompany_invoice_line i on i.id = l.invoice_line_id
    join finance_intercompany_vendor_invoice_line o on o.invoice_line_id = i.credits_id
    where not exists (select from finance_voucher v where v.document_id = o.vendor_invoice_id)
),
dated as materialized (
    select d.wanted_date, d.accounting_date is not null as is_open
    from finance_accounting_dates(
        %(company)s, 'accounts_payable', array(select distinct t.invoice_date from taken_invoice t), false
    ) d
)
select
    t.*,
    v.code,
    case v.code
        when 'DOC-106' then jsonb_build_object('sequence', %(sequence)s)
        when 'DOC-124' then jsonb_build_object('lending_company', t.lending_company, 'borrowing_company', %(company)s::text)
        when 'DOC-103' then jsonb_build_object('accounting_date', t.invoice_date)
    end || jsonb_build_object('company', %(company)s::text, 'document', t.number) as details,
    case when v.code is null then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass) end as voucher_id
from taken_invoice t
join dated d on d.wanted_date = t.invoice_date
left join waiting w on w.vendor_invoice_id = t.vendor_invoice_id
cross join lateral (
    select case
        when not exists (
            select from finance_number_sequence s where s.company_code = %(company)s and s.reference = %(sequence)s
        ) then 'DOC-106'
        when w.vendor_invoice_id is not null then 'DOC-124'
        when not d.is_open then 'DOC-103'
    end as code
) v
order by t.invoice_id
