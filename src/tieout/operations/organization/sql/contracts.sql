-- question:   Which contracts has this company, in the order of their numbers?
-- grain:      one row per contract, at most row_limit after a number
-- parameters: company, after, row_limit
-- index:      operations_contract_number_key, operations_contract_line_key
select
    contract.number, contract.name, customer.name as customer, contract.currency_code, coalesce(currency.digits, 2) as digits, contract.state as status,
    count(line.id) as lines, sum(line.amount) as amount
from operations_contract as contract
left join operations_currency as currency on currency.code = contract.currency_code
inner join operations_customer as customer on customer.id = contract.customer_id
left join operations_contract_line as line on line.contract_id = contract.id
where contract.company_code = %(company)s and contract.number > %(after)s
group by contract.id, customer.name, currency.digits
order by contract.number
limit %(row_limit)s
