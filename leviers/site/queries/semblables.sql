-- Three series of a territory beside the series of similar territories, in the order of the page.
select
    compared.territoire_id,
    coalesce(names.indicateur_court, compared.indicateur) as nom,
    compared.unite,
    compared.annee,
    compared.valeur,
    compared.mediane_semblables as mediane,
    compared.minimum_semblables as minimum,
    compared.maximum_semblables as maximum,
    compared.premier_quartile_semblables as premier_quartile,
    compared.troisieme_quartile_semblables as troisieme_quartile,
    compared.semblables,
    files.fichier,
    files.jeu_id || '/' || files.fichier as fichier_du_jeu,
    files.licence
from vues.fait_ordre as topics
inner join vues.fait_comparaison as compared
    on topics.territoire_id = compared.territoire_id and topics.indicateur_id = compared.indicateur_id
left join vues.dim_indicateur_court as names on compared.indicateur_id = names.indicateur_id
left join vues.fait_source as files on compared.fichier_id = files.fichier_id
where topics.sujet = 'comparaison' and topics.rang <= 3
order by compared.territoire_id asc, topics.rang asc
