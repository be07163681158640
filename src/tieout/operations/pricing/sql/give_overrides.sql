-- question:   Give this contract the overrides of the quote that it was: the same figures from the same days.
-- grain:      no rows
-- parameters: quote, contract
-- index:      operations_quote_number_key, operations_price_override_quote, operations_price_override_key
insert into operations_price_override (
    price_list_id, role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions, target, contract_id,
    effective_from, unit, price, percent, version
)
select
    agreed.price_list_id, agreed.role_id, agreed.resourcing_unit_id, agreed.resourcing_company, agreed.resource_id,
    agreed.dimensions, agreed.target, %(contract)s::uuid, agreed.effective_from, agreed.unit, agreed.price,
    agreed.percent, 1
from operations_quote as quote
inner join operations_price_override as agreed on agreed.quote_id = quote.id
where quote.number = %(quote)s
