-- question:   How far do the next row_limit entries of this company, class and status reach, in the order they came?
-- grain:      one row; reached is the last key among them, null when there is none after the given one
-- parameters: company, transaction_class, status, after, row_limit
-- index:      operations_open_entry_of
with waiting as (
    select entry_id
    from operations_open_entry
    where company_code = %(company)s
        and status = %(status)s
        and transaction_class = %(transaction_class)s
        and entry_id > %(after)s
    order by entry_id
    limit %(row_limit)s
)
select (select entry_id from waiting order by entry_id desc limit 1) as reached
