-- question:   Lose the category of lodging in operations.
-- grain:      one row
-- parameters: none
-- index:      operations_category_code_key
delete from operations_category where code = 'LODGING'
