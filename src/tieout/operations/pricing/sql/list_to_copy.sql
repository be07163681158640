-- question:   Is this price list set up, and is the code of its copy taken?
-- grain:      one row
-- parameters: price_list, code
-- index:      operations_price_list_code_key
select
    (select list.id from operations_price_list as list where list.code = %(price_list)s) as price_list_id,
    exists (select from operations_price_list as other where other.code = %(code)s) as is_taken
