-- question:   Which sales lists is this contract, or this quote, priced by, on whatever date?
-- grain:      one row per list, in the order of their days and codes
-- parameters: company, contract, quote
-- index:      operations_contract_number_key, operations_quote_number_key, operations_price_list_use by contract,
--             quote, customer and company, operations_price_override_key
with holder as (
    select
        contract.id as contract_id, null::uuid as quote_id, contract.customer_id, contract.company_code,
        contract.currency_code
    from operations_contract as contract
    where contract.number = %(contract)s and contract.company_code = %(company)s
    union all
    select null, quote.id, quote.customer_id, quote.company_code, quote.currency_code
    from operations_quote as quote
    where quote.number = %(quote)s and quote.company_code = %(company)s
)
select
    considered.whose, list.code, list.name, list.currency_code, list.valid_from, list.valid_to,
    list.is_active and list.currency_code = holder.currency_code and list.valid_from is not null
    and list.valid_to is not null as applies,
    (
        select count(*)
        from operations_price_override as agreed
        where agreed.price_list_id = list.id
            and (agreed.contract_id = holder.contract_id or agreed.quote_id = holder.quote_id)
    ) as overrides
from holder
cross join lateral operations_considered_lists(
    holder.contract_id, holder.quote_id, holder.customer_id, holder.company_code, holder.currency_code
) as considered
inner join operations_price_list as list on list.id = considered.price_list_id
order by list.valid_from, list.code
