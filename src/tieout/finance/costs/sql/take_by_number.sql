-- question:   Which posted costs are chosen, named by the numbers of their vouchers? Of a vendor invoice those of its
--             stocked lines, which it posts itself.
-- grain:      one row of cost_line per cost, in the order of the numbers; line_id is null where no cost has that voucher
-- parameters: company, numbers
-- index:      finance_voucher_number, finance_vendor_invoice_line_key and the primary keys of journal lines
create temporary table cost_line on commit drop as
select
    row_number() over (order by n.place, c.line_number) as place,
    n.number,
    v.id as voucher_id,
    c.id as line_id
from (
    select x.number, min(x.place) as place
    from unnest(%(numbers)s::text[]) with ordinality as x (number, place)
    group by x.number
) n
left join finance_voucher v on v.company_code = %(company)s and v.number = n.number
left join lateral (
    select p.id, p.line_number
    from finance_posted_cost p
    where p.document_kind = v.document_kind and p.document_id = v.document_id
) c on true
