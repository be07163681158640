-- question:   Which costs of a project ever were in work in progress, or have no ledger entries because their profile said
--             so, by transaction date? (Whether they still are is judged.)
-- grain:      one row of cost_line per cost above `after`, at most lines_max, in the order of their keys
-- parameters: company, project, date_from, date_to, after, lines_max
-- index:      finance_project_number, finance_voucher_line_wip, finance_voucher_pkey, finance_cost_transfer_pkey,
--             finance_integration_journal_line_pkey, finance_voucher_document_id_key; without ledger entries, and only
--             where a profile of the company says no ledger, all journal lines once, in the order of their keys
create temporary table cost_line on commit drop as
with project as materialized (
    select p.id from finance_project p where p.number = %(project)s
),
chosen as (
    select coalesce(t.line_id, case w.document_kind when 'vendor_invoice' then e.source_line_id else w.document_id end) as line_id
    from project p
    join finance_voucher_line e on e.project_id = p.id and e.posting_type in ('wip_cost_value', 'wip_cost_value_item')
    join finance_voucher w on w.id = e.voucher_id
    left join finance_cost_transfer t on w.document_kind = 'cost_transfer' and t.id = w.document_id
    where e.company_code = %(company)s
    union
    (
        select l.id
        from finance_integration_journal_line l
        join finance_integration_parameters i on i.company_code = l.company_code
        where exists (
                select from finance_project_profile f where f.company_code = %(company)s and f.time_costs = 'no_ledger'
            )
            and l.id > %(after)s
            and l.company_code = %(company)s
            and l.project_id = any(array(select p.id from project p))
            and l.transaction_type = 'cost' and l.transaction_class = 'time'
            and l.transaction_date between %(date_from)s and %(date_to)s
            and not finance_never_enters(
                i.product_receipt_to_ledger, l.transaction_type, l.transaction_class, l.source_kind, l.subcontract
            )
            and exists (
                select
                from finance_voucher v
                where v.document_id = l.id and not exists (select from finance_voucher_line e where e.voucher_id = v.id)
            )
            and not exists (select from finance_cost_transfer t where t.line_id = l.id)
        order by l.id
        limit %(lines_max)s
    )
)
select
    row_number() over (order by c.id) as place,
    v.number,
    v.id as voucher_id,
    c.id as line_id
from chosen x
join finance_posted_cost c on c.id = x.line_id and c.transaction_date between %(date_from)s and %(date_to)s
join finance_voucher v on v.document_id = c.document_id
where x.line_id > %(after)s
order by c.id
limit %(lines_max)s
