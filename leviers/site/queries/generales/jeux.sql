-- The datasets that are loaded, each with its files.
select
    files.jeu_id,
    any_value(files.jeu) as jeu,
    any_value(files.source) as source,
    any_value(files.licence) as licence,
    any_value(files.adresse_licence) as adresse_licence,
    any_value(files.page_du_jeu) as page_du_jeu,
    bool_and(files.est_verifiee) as est_verifiee,
    any_value(datasets.cadence) as cadence,
    any_value(datasets.derniere_periode_observee) as derniere_periode_observee,
    any_value(datasets.prochaine_attendue_le) as prochaine_attendue_le,
    coalesce(current_date > any_value(datasets.prochaine_attendue_le), false) as est_en_retard,
    any_value(datasets.lignes_chargees) as lignes_chargees,
    any_value(datasets.lignes_ecartees) as lignes_ecartees,
    list({
        'nom': files.fichier,
        'adresse': files.adresse,
        'recupere_le': files.recupere_le,
        'millesime': files.millesime,
        'empreinte': files.empreinte_sha256
    } order by files.fichier) as fichiers
from vues.fait_source as files
left join vues.dim_jeu as datasets on files.jeu_id = datasets.jeu_id
group by files.jeu_id
order by any_value(files.source), files.jeu_id
