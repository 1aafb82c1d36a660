-- What the last run checked, and how it ended.
select
    guards.libelle as garde,
    severities.libelle as gravite,
    statuses.libelle as resultat,
    count(*) as nombre
from quality.fct_check_result as checks
left join vues.dim_libelle as guards on guards.domaine = 'guard' and checks.guard = guards.code
left join vues.dim_libelle as severities on severities.domaine = 'severity' and checks.severity = severities.code
left join vues.dim_libelle as statuses on statuses.domaine = 'check_status' and checks.status = statuses.code
group by all
order by garde, gravite, resultat
