-- The numbers of the ten answers: a row per territory.
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

effort as (
    select
        topics.territoire_id,
        {
            'levier': topics.levier_court,
            'part_ktco2e': shares.part_ktco2e,
            'depend_de_la_cle': coalesce(shares.peut_passer_derriere, false)
        } as le_plus_demande
    from vues.fait_ordre as topics
    inner join vues.fait_part as shares
        on
            topics.territoire_id = shares.territoire_id
            and topics.levier_id = shares.levier_id
            and topics.region_id = shares.region_id
    where topics.sujet = 'effort' and topics.rang = 1
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

compared_first as (
    select
        topics.territoire_id,
        {
            'serie': coalesce(series.indicateur_court, compared.indicateur),
            'valeur': compared.valeur,
            'mediane': compared.mediane_semblables,
            'unite': compared.unite,
            'semblables': compared.semblables
        } as compare
    from vues.fait_ordre as topics
    inner join vues.fait_comparaison as compared
        on
            topics.territoire_id = compared.territoire_id
            and topics.indicateur_id = compared.indicateur_id
    left join vues.dim_indicateur_court as series on compared.indicateur_id = series.indicateur_id
    where topics.sujet = 'comparaison' and topics.rang = 1
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
        topics.territoire_id,
        {
            'serie': coalesce(series.indicateur_court, moves.indicateur),
            'valeur': moves.valeur,
            'echelle': vues.echelle(moves.unite, greatest(abs(moves.valeur_precedente), abs(moves.valeur))),
            'annee': moves.annee,
            'annee_precedente': moves.annee_precedente,
            'variation': moves.variation
        } as bouge
    from vues.fait_ordre as topics
    inner join vues.fait_evolution as moves
        on
            topics.territoire_id = moves.territoire_id
            and topics.levier_id = moves.levier_id
            and topics.indicateur_id = moves.indicateur_id
    left join vues.dim_indicateur_court as series on moves.indicateur_id = series.indicateur_id
    where topics.sujet = 'evolution' and topics.rang = 1 and not moves.est_a_verifier
),

files as (
    select
        observed.territoire_id,
        count(distinct observed.fichier_id) as fichiers,
        count(distinct sources.producteur_code) as producteurs
    from vues.fait_observation as observed
    inner join vues.fait_source as sources on observed.fichier_id = sources.fichier_id
    where observed.niveau <> 'commune'
    group by observed.territoire_id
),

missing as (
    select
        topics.territoire_id,
        missing_data.jeu as a_obtenir
    from vues.fait_ordre as topics
    inner join vues.fait_manque as missing_data
        on topics.territoire_id = missing_data.territoire_id and topics.levier_id = missing_data.levier_id
    where topics.sujet = 'a_obtenir' and topics.rang = 1
)

select
    summaries.territoire_id,
    summaries.leviers,
    summaries.leviers_mesures,
    summaries.juges,
    summaries.sur_la_ligne,
    summaries.incertains,
    summaries.en_retard,
    summaries.a_contresens,
    summaries.non_juges,
    summaries.premiere_annee,
    summaries.derniere_annee,
    summaries.demande_ktco2e,
    string_split(coalesce(summaries.secteur_premier, summaries.secteurs_proches), ' ; ') as secteurs,
    parts.parts,
    parts.parts_qui_varient,
    parts.parts_a_la_cle_de_l_etat,
    effort.le_plus_demande,
    emitted.annee_emissions,
    emitted.premier,
    law.obligations,
    law.sous_condition,
    coalesce(grades.notes, []) as notes,
    compared_first.compare,
    coalesce(committed.engagements, 0) as engagements,
    coalesce(plans.plans, 0) as plans,
    coalesce(moves.a_verifier, 0) as a_verifier,
    moved.bouge,
    coalesce(files.fichiers, 0) as fichiers,
    files.producteurs,
    missing.a_obtenir
from vues.fait_resume as summaries
left join parts on summaries.territoire_id = parts.territoire_id
left join effort on summaries.territoire_id = effort.territoire_id
left join emitted on summaries.territoire_id = emitted.territoire_id
left join law on summaries.territoire_id = law.territoire_id
left join grades on summaries.territoire_id = grades.territoire_id
left join compared_first on summaries.territoire_id = compared_first.territoire_id
left join committed on summaries.territoire_id = committed.territoire_id
left join plans on summaries.territoire_id = plans.territoire_id
left join moves on summaries.territoire_id = moves.territoire_id
left join moved on summaries.territoire_id = moved.territoire_id
left join files on summaries.territoire_id = files.territoire_id
left join missing on summaries.territoire_id = missing.territoire_id
order by summaries.territoire_id
