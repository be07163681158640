-- question:   Which block of numbers does a sequence hand out?
-- grain:      one row, or none when the company has no such sequence
-- parameters: company, sequence, size
-- index:      finance_number_sequence_key
select n.prefix, n.digits, n.first_number
from finance_take_numbers(%(company)s, %(sequence)s, %(size)s) n
