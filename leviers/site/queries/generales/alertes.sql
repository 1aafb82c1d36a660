-- The checks that did not pass.
select
    coalesce(datasets.source, 'Tables') as objet,
    checks.message as constat
from quality.fct_check_result as checks
left join vues.dim_jeu as datasets on split_part(checks.subject, '__', 1) = datasets.jeu_id
where checks.status <> 'passed'
order by checks.severity, objet, constat
