-- question:   Which block of numbers does a sequence hand out? The sequence stays locked until the transaction ends,
--             so that a number that was not used is not lost.
-- grain:      one row, or none when the company has no such sequence
-- parameters: company, sequence, size
-- index:      finance_number_sequence_key
update finance_number_sequence s
set next_number = s.next_number + %(size)s
where s.company_code = %(company)s and s.reference = %(sequence)s
returning s.prefix, s.digits, s.next_number - %(size)s as first_number
