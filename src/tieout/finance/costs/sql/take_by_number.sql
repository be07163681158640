-- question:   Which posted costs are chosen, named by the numbers of their vouchers?
-- grain:      one row of cost_line per number, in their order; line_id is null where no journal line has that voucher
-- parameters: company, numbers
-- index:      finance_voucher_number
create temporary table cost_line on commit drop as
select n.place, n.number, v.id as voucher_id, v.document_id as line_id
from (
    select x.number, min(x.place) as place
    from unnest(%(numbers)s::text[]) with ordinality as x (number, place)
    group by x.number
) n
left join finance_voucher v
    on v.company_code = %(company)s and v.number = n.number and v.document_kind = 'integration_journal_line'
