-- The checks on raw tables that did not pass.
select
    guard,
    check_name,
    subject,
    column_name,
    status,
    severity,
    expected,
    observed,
    message
from quality.fct_check_result
where status != 'passed' and guard = 'great_expectations' and subject in (select unnest($tables))
order by severity, message
