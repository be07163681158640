-- question:   What is the key of this contract, which state has it, and whose is it?
-- grain:      one row; none where it is not known
-- parameters: contract
-- index:      operations_contract_number_key
select id, company_code, state from operations_contract where number = %(contract)s
