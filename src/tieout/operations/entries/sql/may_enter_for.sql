-- question:   May this user enter for this resource on this day? Who is a resource enters for themselves and for those who
--             have made them their delegate for the day; a user who is no resource enters for anybody.
-- grain:      one row: the answer
-- parameters: user_name, resource_id, on_date
-- index:      the set-up, which does not grow with the history
select
    not exists (select from operations_resource as own where own.user_name = %(user_name)s)
    or exists (
        select from operations_resource as own
        where own.id = %(resource_id)s::uuid and own.user_name = %(user_name)s
    )
    or exists (
        select from operations_time_delegate as given
        where given.resource_id = %(resource_id)s::uuid
            and given.user_name = %(user_name)s
            and %(on_date)s::date between given.valid_from and given.valid_to
    ) as may
