insert into published.vues.fait_controle by name
select
    checks.guard as garde,
    checks.guard_label_fr as garde_libelle,
    checks.check_name as controle,
    checks.subject as objet,
    checks.column_name as colonne,
    datasets.dataset_id as jeu_id,
    checks.status as resultat,
    checks.status_label_fr as resultat_libelle,
    checks.status = 'passed' as est_passe,
    checks.severity as gravite,
    checks.severity_label_fr as gravite_libelle,
    checks.message_fr as constat
from checks
left join published.marts.dim_dataset as datasets on split_part(checks.subject, '__', 1) = datasets.dataset_id
