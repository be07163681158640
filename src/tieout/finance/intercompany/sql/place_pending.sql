-- question:   To which accounts, and with which dimensions, are the invoices in hand posted? As of every vendor invoice: a line
--             takes what its project and its vendor give, where both say something the project wins; what is owed to the
--             lender, and the tax that is recovered, take what the vendor gives.
-- grain:      one row of pending_place per invoice, project and category of its lines, and one with the nil project and
--             category for what is owed, one for its tax; account is null where the posting profile has none
-- parameters: company
-- index:      finance_intercompany_vendor_line_key, finance_posting_profile_key, finance_dimension_default_key
create temporary table pending_place on commit drop as
with place as materialized (
    select
        t.vendor_invoice_id,
        t.lending_company,
        t.vendor_id,
        'intercompany_cost' as posting_type,
        l.project_id,
        coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id
    from taken_invoice t
    join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = t.vendor_invoice_id
    group by 1, 2, 3, 5, 6
    union all
    select
        t.vendor_invoice_id, t.lending_company, t.vendor_id, 'vendor',
        '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'
    from taken_invoice t
    union all
    select
        t.vendor_invoice_id, t.lending_company, t.vendor_id, 'tax_receivable',
        '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'
    from taken_invoice t
    where t.tax_amount <> 0
),
account as materialized (
    select a.*
    from (
        select
            array_agg(x.posting_type) as types,
            array_agg(x.project_id) as projects,
            array_agg(x.category_id) as categories,
            array_agg(x.lending_company) as partners
        from (select distinct p.posting_type, p.project_id, p.category_id, p.lending_company from place p) x
    ) w
    cross join lateral finance_partner_accounts(%(company)s, w.types, w.projects, w.categories, w.partners) a
),
combined as materialized (
    select c.giver_id, c.owner_id, c.combination
    from (
        select array_agg(x.project_id) as givers, array_agg(x.vendor_id) as owners, array_agg(false) as owner_wins
        from (select distinct p.project_id, p.vendor_id from place p) x
    ) w
    cross join lateral finance_combinations(%(company)s, w.givers, w.owners, w.owner_wins) c
)
select p.vendor_invoice_id, p.posting_type, p.project_id, p.category_id, a.account, c.combination
from place p
join account a
    on a.posting_type = p.posting_type and a.partner_company = p.lending_company
    and a.project_id = p.project_id and a.category_id = p.category_id
join combined c on c.giver_id = p.project_id and c.owner_id = p.vendor_id
