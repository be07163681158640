-- question:   Which state has this contract, and whose is it?
-- grain:      one row; none where it is not known
-- parameters: contract
-- index:      operations_contract_number_key
select company_code, state from operations_contract where number = %(contract)s
