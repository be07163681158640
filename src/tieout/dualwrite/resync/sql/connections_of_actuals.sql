-- question:   Which transaction connections start at these actuals? They travel with them.
-- grain:      one row per connection
-- parameters: keys
-- index:      operations_connection_first
select c.id as key
from operations_transaction_connection c
where c.transaction1_id = any (%(keys)s::uuid[])
