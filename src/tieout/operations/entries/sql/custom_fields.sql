-- question:   Which fields of the firm's own do entries of a class have?
-- grain:      one row per active field, by its title
-- parameters: transaction_class
-- index:      the set-up, which does not grow with the history
select name, title, kind, choices, is_required
from operations_custom_field
where active
    and case %(transaction_class)s when 'time' then on_time when 'expense' then on_expense else on_material end
order by title, name
