-- question:   Let this contract use these price lists.
-- grain:      no rows
-- parameters: contract, lists
-- index:      operations_price_list_use_key
insert into operations_price_list_use (price_list_id, contract_id)
select one.id, %(contract)s::uuid
from unnest(%(lists)s::uuid[]) as one (id)
