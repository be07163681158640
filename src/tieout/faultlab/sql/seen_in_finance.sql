-- question:   What has each record reached in finance?
-- grain:      one row per fact; a record that is there more than once says so in its value. Its name is given, or that
--             of another record (named_as) and a suffix
-- parameters: maps
-- index:      none: the laboratory's tables hold a handful of rows
with standing_line as materialized (
    select l.id, l.actual_id, l.reverses_id, l.accounting_date, l.accounting_amount, j.status
    from finance_standing_line l
    join finance_integration_journal j on j.id = l.journal_id
)
select 'document' as what, d.id as key, d.company_code || '/' || d.invoice_number as name, null::uuid as named_as,
       '' as suffix, '' as value
from finance_vendor_invoice d
union all
select 'document', d.id, d.company_code || '/' || d.report_number, null, '', ''
from finance_expense_report d
union all
select 'entered', l.id, d.company_code || '/' || d.invoice_number || '/' || l.line_number, null, '',
       round(l.accounting_amount, 2)::text
from finance_vendor_invoice_line l
join finance_vendor_invoice d on d.id = l.invoice_id
union all
select 'entered', l.id, d.company_code || '/' || d.report_number || '/' || l.line_number, null, '',
       round(l.accounting_amount, 2)::text
from finance_expense_line l
join finance_expense_report d on d.id = l.report_id
union all
select 'waiting', q.document_id, null, q.document_id, '', q.code
from finance_posting_queue q
union all
select 'posted', e.source_line_id, null, e.source_line_id, '',
       case when count(*) = 1 then round(sum(e.accounting_amount), 2)::text else count(*) || ' times' end
from finance_voucher v
join finance_voucher_line e on e.voucher_id = v.id
left join finance_vendor_invoice_line i on i.id = e.source_line_id
where v.document_kind in ('vendor_invoice', 'expense_report')
    and e.posting_type = any(
        case when i.stocked then array['cost'] else array['procurement_integration', 'expense_integration'] end)
group by e.source_line_id
union all
select case when v.id is not null then 'cleared' when l.status = 'error' then 'line in error' else 'draft line' end,
       l.id, null, l.actual_id, '', round(l.accounting_amount, 2)::text
from standing_line l
left join finance_voucher v on v.document_id = l.id
union all
select 'dated', l.id, null, l.actual_id, '', coalesce(v.accounting_date, l.accounting_date)::text
from standing_line l
left join finance_voucher v on v.document_id = l.id
union all
select 'earned', e.id, null, e.actual_id, '', string_agg(e.account || ' ' || e.amount, ', ' order by e.account)
from (
    select l.id, l.actual_id, e.account, round(sum(e.accounting_amount), 2) as amount
    from standing_line l
    join finance_voucher v on v.document_id = l.id
    join finance_voucher_line e on e.voucher_id = v.id and e.posting_type = 'wip_sales_value'
    group by l.id, l.actual_id, e.account
) e
group by e.id, e.actual_id
union all
select 'cleared elsewhere', l.id, null, l.actual_id, '', ''
from standing_line l
join finance_voucher v on v.document_id = l.id
join finance_voucher_line e on e.voucher_id = v.id
join finance_integration_parameters i on i.company_code = v.company_code
where e.posting_type in ('procurement_integration', 'expense_integration')
    and e.account not in (i.procurement_integration_account, i.expense_integration_account)
union all
select 'refused', l.id, null, l.actual_id, '', ''
from standing_line l
where exists (select from finance_journal_line_error e where e.line_id = l.id)
union all
select 'arrived msdyn_actuals', s.actual_id, null, s.actual_id, '',
       case when count(*) = 1 then round(min(coalesce(s.accounting_amount, s.amount - s.discount_amount + s.fee_amount)), 2)::text else count(*) || ' times' end
from finance_staged_actual s
group by s.actual_id
union all
select 'batch', s.actual_id, null, s.actual_id, '', s.batch_id::text
from finance_staged_actual s
union all
select 'arrived msdyn_transactionconnections', c.id, null, c.id, '',
       case when count(*) = 1 then '' else count(*) || ' times' end
from finance_staged_connection c
group by c.id
union all
select 'not imported', r.actual_id, null, r.actual_id, '', r.code
from finance_staging_retry r
union all
select distinct 'owed ' || o.map, o.key, null, o.key, '', ''
from outbox_entry o
where o.map = any(%(maps)s)
union all
select 'parked ' || p.map, p.key, null, p.key, '', p.kind
from outbox_parked p
where p.map = any(%(maps)s)
union all
select 'journal draft', l.id, j.company_code || '/' || j.number, null, '', round(l.debit - l.credit, 2)::text
from finance_open_general_journal_line l
join finance_general_journal j on j.id = l.journal_id
union all
select 'by hand', l.id, j.company_code || '/' || j.number, null, '',
       case when count(*) = 1 then round(sum(e.accounting_amount), 2)::text else count(*) || ' times' end
from finance_general_journal_line l
join finance_general_journal j on j.id = l.journal_id
join finance_voucher v on v.document_id = l.id
join finance_voucher_line e on e.voucher_id = v.id and e.line_no = 1
group by l.id, j.company_code, j.number
union all
select 'stage in finance', p.id, p.number, null, '', p.stage
from finance_project p
union all
-- Every voucher is whole, balances in both currencies, and has a number of its own.
select 'broken voucher', null, v.company_code || ' ' || v.number, null, '', count(*)::text
from finance_voucher v
join finance_voucher_line e on e.voucher_id = v.id
group by v.id, v.company_code, v.number
having sum(e.accounting_amount) <> 0 or sum(e.reporting_amount) <> 0 or count(*) <> min(e.line_count)
union all
-- What is taken back leaves nothing on any account, in both currencies.
select 'left over', null, null, r.actual_id, '', e.account
from standing_line r
join standing_line o on o.actual_id = r.reverses_id
join finance_voucher v on v.document_id in (r.id, o.id)
join finance_voucher_line e on e.voucher_id = v.id
where exists (select from finance_voucher b where b.document_id = r.id)
group by r.actual_id, e.account
having sum(e.accounting_amount) <> 0 or sum(e.reporting_amount) <> 0
union all
select 'number taken twice', null, v.company_code || ' ' || v.number, null, '', count(*)::text
from finance_voucher v
group by v.company_code, v.number
having count(*) > 1
