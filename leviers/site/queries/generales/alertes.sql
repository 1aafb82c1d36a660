-- The checks that did not pass.
select
    coalesce(datasets.source, 'Tables') as objet,
    checks.constat
from vues.fait_controle as checks
left join vues.dim_jeu as datasets on checks.jeu_id = datasets.jeu_id
where not checks.est_passe
order by checks.gravite, objet, checks.constat
