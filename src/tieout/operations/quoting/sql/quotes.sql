-- question:   Which quotes has this company, in the order of their numbers?
-- grain:      one row per quote, at most row_limit after a number
-- parameters: company, after, row_limit
-- index:      operations_quote_number_key, operations_quote_line_key
select
    quote.number, quote.name, customer.name as customer, quote.currency_code, coalesce(currency.digits, 2) as digits, quote.status,
    count(line.id) as lines, sum(line.amount) as amount
from operations_quote as quote
left join operations_currency as currency on currency.code = quote.currency_code
inner join operations_customer as customer on customer.id = quote.customer_id
left join operations_quote_line as line on line.quote_id = quote.id
where quote.company_code = %(company)s and quote.number > %(after)s
group by quote.id, customer.name, currency.digits
order by quote.number
limit %(row_limit)s
