-- The headline of a territory, in numbers: how many levers stand where, and the lever that strikes, in its
-- own unit.
with asked as (
    select
        territoire_id,
        sum(demande_ktco2e) filter (where not est_masquee) as affichee_ktco2e
    from vues.fait_demande
    group by territoire_id
)

select
    summaries.territoire_id,
    summaries.juges,
    summaries.en_retard,
    summaries.a_contresens,
    summaries.sur_la_ligne,
    summaries.demande_ktco2e,
    asked.affichee_ktco2e,
    shown.nom as fait_nom,
    summaries.annee as fait_annee,
    summaries.valeur as fait_valeur,
    summaries.valeur_attendue as fait_attendu,
    summaries.unite as fait_unite,
    summaries.decimales as fait_decimales,
    paces.lissage_annees as fait_lissage,
    paces.valeur_visee < paces.valeur_depart as fait_doit_baisser
from vues.fait_resume as summaries
left join asked on summaries.territoire_id = asked.territoire_id
left join made."montre.sql" as shown
    on summaries.levier_marquant_id = shown.levier_id and summaries.territoire_id = shown.territoire_id
left join vues.fait_trajectoire as paces
    on
        summaries.levier_marquant_id = paces.levier_id
        and summaries.territoire_id = paces.territoire_id
        and paces.annee = paces.annee_visee
order by summaries.territoire_id
