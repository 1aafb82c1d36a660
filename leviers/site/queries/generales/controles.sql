-- Checks of the last run, with their results.
select
    guard_label_fr as garde,
    severity_label_fr as gravite,
    status_label_fr as resultat,
    count(*) as nombre
from quality.fct_check_result
group by guard_label_fr, severity_label_fr, status_label_fr
order by guard_label_fr, severity_label_fr, status_label_fr
