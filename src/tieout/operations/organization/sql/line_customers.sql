-- question:   Who bears what this contract line bills, and how much of it?
-- grain:      one row per customer, in the order of their account numbers
-- parameters: contract_line
-- index:      operations_contract_line_pkey, operations_contract_line_customer_key
select
    contract.company_code, found.line_customer_id, customer.account_number, found.percent, found.is_rounding,
    found.not_to_exceed
from operations_contract_line as line
inner join operations_contract as contract on contract.id = line.contract_id
cross join lateral operations_line_customers(line.id) as found
inner join operations_customer as customer on customer.id = found.customer_id
where line.id = %(contract_line)s
order by customer.account_number
