-- question:   Which entries of this company and class have this status on their way to approval, in this range of keys?
-- grain:      one row; the keys in the order they came, without those that an approval set has in hand
-- parameters: company, transaction_class, status, after, upto
-- index:      operations_open_entry_of, operations_approval_set_member_in_flight
select coalesce(array_agg(open.entry_id order by open.entry_id), '{}') as entries
from operations_open_entry as open
where open.company_code = %(company)s
    and open.status = %(status)s
    and open.transaction_class = %(transaction_class)s
    and open.entry_id > %(after)s
    and open.entry_id <= %(upto)s
    and not exists (
        select from operations_approval_set_member as member where member.entry_id = open.entry_id and member.in_flight
    )
