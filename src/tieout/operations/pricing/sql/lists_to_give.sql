-- question:   Which sales lists is this quote priced by, what does its contract get of them when it is won, and what is a
--             copy of each called? Its code says of which quote, if that fits and is free; its name says when.
-- grain:      one row per list; one without a list where the quote has none
-- parameters: quote
-- index:      operations_quote_number_key, operations_pricing_parameters_company_code_key, operations_price_list_use by
--             quote, customer and company, operations_price_list_code_key
select
    quote.company_code, parameters.lists_on_win, considered.whose, list.id as price_list_id,
    case
        when length(list.code) + 1 + length(quote.number) <= 60
            and not exists (
                select from operations_price_list as other where other.code = list.code || '-' || quote.number
            )
            then list.code || '-' || quote.number
        else left(list.code, 47) || '-' || left(md5(list.code || ' ' || quote.number), 12)
    end as code,
    left(list.name, 180) || to_char(now() at time zone 'UTC', ' YYYY-MM-DD HH24:MI:SS') as name
from operations_quote as quote
left join operations_pricing_parameters as parameters on parameters.company_code = quote.company_code
left join lateral operations_considered_lists(
    null, quote.id, quote.customer_id, quote.company_code, quote.currency_code
) as considered on true
left join operations_price_list as list on list.id = considered.price_list_id
where quote.number = %(quote)s
order by list.code
