-- question:   What has each record reached in operations?
-- grain:      one row per fact; a record that is there more than once says so in its value. Its name is given, or that
--             of another record (named_as) and a suffix
-- parameters: maps
-- index:      none: the laboratory's tables hold a handful of rows
with named_actual as materialized (
    -- An entry that was taken back and approved again has several actuals of a type: they are counted.
    select a.id, a.source_id, a.reverses_id, a.skip_sync,
           round(coalesce(a.accounting_amount, a.amount - a.discount_amount + a.fee_amount), 2)::text as value,
           ' ' || a.transaction_type || case a.description when 'recorded once more' then ' again' else '' end
               || case when row_number() over same > 1 then ' ' || row_number() over same else '' end as suffix
    from operations_actual a
    window same as (partition by a.source_id, a.transaction_type, a.description, a.reverses_id is null order by a.xid)
)
select case s.state when 'approved' then 'approved entry' else s.state end as what, s.entry_id as key, s.company_code || '/' || s.external_id as name, null::uuid as named_as,
       '' as suffix, round(s.minutes / 60.0, 2)::text as value
from operations_entry_state s
union all
select 'arrived msdyn_projectvendorinvoices', d.id, null, d.id, '', case when count(*) = 1 then '' else count(*) || ' times' end
from operations_vendor_invoice d
group by d.id
union all
select 'arrived msdyn_projectvendorinvoicelines', l.id, null, l.id, '',
       case when count(*) = 1 then round(min(l.accounting_amount), 2)::text else count(*) || ' times' end
from operations_vendor_invoice_line l
group by l.id
union all
select 'arrived msdyn_expenses', l.id, null, l.id, '',
       case when count(*) = 1 then round(min(l.accounting_amount), 2)::text else count(*) || ' times' end
from operations_expense l
group by l.id
union all
select 'approved', a.document_id, null, a.document_id, '', case when count(*) = 1 then '' else count(*) || ' times' end
from operations_approval a
group by a.document_id
union all
select 'not approved', r.document_id, null, r.document_id, '', r.code
from operations_approval_retry r
union all
select 'awaits', w.line_id, null, w.line_id, '', ''
from operations_open_verification w
union all
select 'decided', d.line_id, null, d.line_id, '',
       case count(*) filter (where d.outcome = 'verified')
           when 0 then 'rejected' when 1 then 'verified' else count(*) || ' times' end
from operations_verification d
group by d.line_id
union all
select 'actual', a.id, null, a.source_id, a.suffix, a.value
from named_actual a
where a.reverses_id is null
union all
select 'actual', a.id, null, a.reverses_id, ' back', a.value
from named_actual a
where a.reverses_id is not null
union all
select 'skips sync', a.id, null, a.id, '', ''
from named_actual a
where a.skip_sync
union all
select 'connection', c.id, null, c.transaction1_id, ' connection', ''
from operations_transaction_connection c
join operations_actual a on a.id = c.transaction1_id
union all
select 'arrived msdyn_actuals_posting', p.id, null, p.id, '',
       case when count(*) = 1 then round(min(p.accounting_amount), 2)::text else count(*) || ' times' end
from operations_actual_posting p
group by p.id
union all
select distinct 'owed ' || o.map, o.key, null, o.key, '', ''
from outbox_entry o
where o.map = any(%(maps)s)
union all
select 'parked ' || p.map, p.key, null, p.key, '', p.kind
from outbox_parked p
where p.map = any(%(maps)s)
union all
select 'stage in operations', p.id, p.number, null, '', p.stage
from operations_project p
