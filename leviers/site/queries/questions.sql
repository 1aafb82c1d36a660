-- The numbers of the answers: a row per territory.
with parts as (
    select
        territoire_id,
        count(*) as parts,
        count(*) filter (where not repose_sur_une_seule_cle) as parts_qui_varient,
        count(*) filter (where not est_approchee) as parts_a_la_cle_de_l_etat
    from vues.fait_part
    where cle_id is not null and part_ktco2e is not null
    group by territoire_id
),

emitted as (
    select
        territoire_id,
        any_value(annee) as annee_emissions,
        min_by({
            'secteur': secteur,
            'nature': nature,
            'part': part_inventaire_region,
            'place': place
        }, rang) filter (where rang is not null) as premier
    from vues.fait_emission
    group by territoire_id
),

law as (
    select
        territoire_id,
        count(*) filter (where est_applicable) as obligations,
        count(*) filter (where est_applicable is null) as sous_condition
    from vues.fait_obligation
    group by territoire_id
),

graded as (
    select
        territoire_id,
        confiance,
        count(*) as nombre
    from vues.fait_lecture
    where confiance is not null
    group by territoire_id, confiance
),

grades as (
    select
        territoire_id,
        list({ 'note': confiance, 'nombre': nombre } order by confiance) as notes
    from graded
    group by territoire_id
),

committed as (
    select
        territoire_id,
        count(*) as engagements
    from vues.fait_engagement
    where est_en_vigueur
    group by territoire_id
),

plans as (
    select
        territoire_id,
        count(*) as plans
    from vues.fait_plan_climat
    group by territoire_id
),

moves as (
    select
        territoire_id,
        count(distinct indicateur_id) filter (where est_a_verifier) as a_verifier
    from vues.fait_evolution
    group by territoire_id
),

moved as (
    select
        territoire_id,
        {
            'serie': nom,
            'valeur': valeur,
            'echelle': echelle,
            'echelle_variation': echelle_variation,
            'annee': annee,
            'annee_precedente': annee_precedente,
            'variation': variation
        } as bouge
    from made."dossier/evolution.sql"
    where rang = 1 and not est_a_verifier
),

missing as (
    select
        territoire_id,
        first(jeu order by demande_ktco2e desc nulls last, levier_id asc) as a_obtenir
    from vues.fait_manque
    where jeu is not null and etat <> 'received'
    group by territoire_id
)

select
    summaries.territoire_id,
    summaries.non_juges,
    summaries.demande_ktco2e,
    string_split(coalesce(summaries.secteur_premier, summaries.secteurs_proches), ' ; ') as secteurs,
    parts.parts,
    parts.parts_qui_varient,
    parts.parts_a_la_cle_de_l_etat,
    emitted.annee_emissions,
    emitted.premier,
    law.obligations,
    law.sous_condition,
    coalesce(grades.notes, []) as notes,
    coalesce(committed.engagements, 0) as engagements,
    coalesce(plans.plans, 0) as plans,
    coalesce(moves.a_verifier, 0) as a_verifier,
    moved.bouge,
    missing.a_obtenir
from vues.fait_resume as summaries
left join parts on summaries.territoire_id = parts.territoire_id
left join emitted on summaries.territoire_id = emitted.territoire_id
left join law on summaries.territoire_id = law.territoire_id
left join grades on summaries.territoire_id = grades.territoire_id
left join committed on summaries.territoire_id = committed.territoire_id
left join plans on summaries.territoire_id = plans.territoire_id
left join moves on summaries.territoire_id = moves.territoire_id
left join moved on summaries.territoire_id = moved.territoire_id
left join missing on summaries.territoire_id = missing.territoire_id
order by summaries.territoire_id
