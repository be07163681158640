-- The primary cause of each source line (finance spec 4): the first of its signs, in the order of causes.csv; empty for a
-- line that has none. Portable (DESIGN D9). That the order is that of the table is a test.
drop view if exists reconciliation_line_cause;
create view reconciliation_line_cause as
select line_id, kind, company_code, account, day, accounting_amount,
       staged_count, posted_count, credited_amount, state, reason,
       case when document_names_what_is_missing then 'RC-01a'
            when document_breaks_a_rule then 'RC-01e'
            when document_waits_for_its_map then 'RC-01b'
            when document_in_flight then 'RC-00a'
            when document_not_captured then 'RC-01d'
            when approval_refused then 'RC-02b'
            when verification_rejected then 'RC-02c'
            when awaits_verification then 'RC-02d'
            when waits_for_approval then 'RC-02a'
            when no_actual then 'RC-02e'
            when skip_sync_is_wrong then 'RC-04'
            when actual_refused then 'RC-03a'
            when actual_waits_for_its_map then 'RC-03c'
            when actual_in_flight then 'RC-00b'
            when actual_not_captured then 'RC-03d'
            when rolled_back then 'RC-06'
            when import_refused then 'RC-08'
            when not_imported then 'RC-09'
            when posting_refused then 'RC-13'
            when not_posted then 'RC-11'
            when cleared_twice then 'RC-21'
            when cleared_elsewhere then 'RC-17'
            when came_back_as_zero then 'RC-14b'
            when rate_differs then 'RC-15'
            when rounding_differs then 'RC-16'
            when tax_differs then 'RC-14a'
            when amount_differs then 'RC-14'
            when dimensions_differ then 'RC-22'
            when header_lost then 'RC-01f'
            when header_waits_for_its_map then 'RC-01g'
            when connection_lost then 'RC-05'
            when connection_waits_for_its_map then 'RC-05b'
            when write_back_lost then 'RC-19'
            when write_back_waits_for_its_map then 'RC-19b'
            when period_shifted then 'RC-18'
            when write_back_in_flight then 'RC-00c'
            else '' end as cause
  from reconciliation_line_sign;
