-- question:   What do the stocked lines of the batch debit? Not the integration account: their cost posts here, by the
--             row of the posting matrix for their project's profile (finance spec 2.9, 9 N5), and never comes back.
-- grain:      one row of document_batch_line updated per stocked line; reports their number. debit_account stays null
--             where the posting profile names none, cost_code is DOC-110 where no profile covers the project
-- parameters: company
-- index:      finance_project_pkey, finance_category_pkey, finance_posting_profile_key, finance_project_group_member_key, finance_posting_rule_key
with line as materialized (
    select b.line_id, b.project_id, b.category_id, coalesce(p.contract_line_id, '00000000-0000-0000-0000-000000000000') as contract_line_id
    from document_batch_line b
    left join finance_project p on p.id = b.project_id
    where b.stocked
),
treated as materialized (
    select t.*
    from (
        select
            array_agg('cost'::text) as types,
            array_agg('material'::text) as classes,
            array_agg(x.project_id) as projects,
            array_agg(x.contract_line_id) as contract_lines,
            array_agg(false) as accruals
        from (select distinct l.project_id, l.contract_line_id from line l) x
    ) w
    cross join lateral finance_treatments(
        %(company)s, w.types, w.classes, w.projects, w.contract_lines, w.accruals
    ) t
),
debited as materialized (
    select l.*, r.debit as debit_type, t.code is not null as lacks_profile
    from line l
    left join treated t on t.project_id = l.project_id and t.contract_line_id = l.contract_line_id
    left join finance_posting_rule r
        on r.transaction_type = 'cost' and r.transaction_class = 'material'
        and r.source_kind = 'stocked_invoice_line' and r.treatment = t.treatment
),
costed as materialized (
    select a.*
    from (
        select
            array_agg(x.debit_type) as types, array_agg(x.project_id) as projects, array_agg(x.category_id) as categories
        from (select distinct d.debit_type::text as debit_type, d.project_id, d.category_id from debited d) x
        where x.debit_type is not null
    ) w
    cross join lateral finance_accounts(%(company)s, w.types, w.projects, w.categories) a
)
update document_batch_line b
set debit_type = coalesce(d.debit_type, 'cost'),
    debit_account = a.account,
    cost_code = case when d.lacks_profile then 'DOC-110' when a.account is null then 'DOC-101' end
from debited d
left join costed a
    on a.posting_type = d.debit_type and a.project_id = d.project_id and a.category_id = d.category_id
where b.line_id = d.line_id
