-- What is shown of each lever in a territory: the series that is read or, without one, the last one observed, in the
-- unit in which it reads best. Only what is judged has a path and a target.
with paces as (
    select *
    from vues.fait_trajectoire
    where annee = annee_visee and valeur_depart is not null and valeur_visee is not null
),

scales as (
    select
        levier_id,
        territoire_id,
        any_value(unite_affichee) as unite_affichee,
        any_value(facteur_affichage) as facteur_affichage,
        any_value(decimales) as decimales
    from vues.fait_serie
    group by levier_id, territoire_id
),

refused as (
    select distinct
        levier_id,
        cle_id
    from vues.fait_cle_ecartee
    where est_ecartee
),

-- A territory of two regions has a part of the target of each: the part of its own region is shown.
parts as (
    select
        given.levier_id,
        given.territoire_id,
        given.region_id,
        refused.cle_id is not null as cle_ecartee_ailleurs
    from vues.fait_part as given
    inner join vues.dim_territoire as territories on given.territoire_id = territories.territoire_id
    left join refused on given.levier_id = refused.levier_id and given.cle_id = refused.cle_id
    qualify
        row_number() over (
            partition by given.levier_id, given.territoire_id
            order by coalesce(given.region_id = territories.region_id, false) desc, given.region_id asc
        ) = 1
),

shown as (
    select
        readings.*,
        parts.region_id,
        coalesce(parts.cle_ecartee_ailleurs, false) as cle_ecartee_ailleurs,
        readings.lecture <> 'not_judged' as est_juge,
        coalesce(readings.indicateur_id, observed.indicateur_id) as indicateur_montre_id,
        coalesce(readings.annee, observed.annee) as annee_montree,
        coalesce(readings.valeur_comparee, observed.valeur) as valeur_montree
    from vues.fait_lecture as readings
    left join parts on readings.levier_id = parts.levier_id and readings.territoire_id = parts.territoire_id
    left join vues.cop_diagnostic as observed
        on
            parts.levier_id = observed.levier_id
            and parts.territoire_id = observed.territoire_id
            and parts.region_id = observed.region_id
)

select
    shown.levier_id,
    shown.territoire_id,
    shown.niveau,
    shown.est_juge,
    shown.region_id,
    shown.cle_ecartee_ailleurs,
    indicators.indicateur_id,
    indicators.indicateur,
    coalesce(indicators.indicateur_court, indicators.indicateur) as nom,
    coalesce(paces.unite_affichee, scales.unite_affichee) as unite_affichee,
    coalesce(paces.facteur_affichage, scales.facteur_affichage) as facteur_affichage,
    coalesce(paces.decimales, scales.decimales) as decimales,
    shown.annee_montree as annee,
    shown.valeur_montree as valeur,
    if(shown.est_juge, shown.valeur_attendue, null) as valeur_attendue,
    if(shown.est_juge, paces.annee_visee, null) as annee_visee,
    if(shown.est_juge, shown.valeur_visee, null) as valeur_visee,
    shown.base in ('national', 'indicative', 'proportional') as est_indicatif,
    if(shown.base = 'none', null, shown.base_libelle) as repere,
    if(shown.est_juge, paths.libelle, null) as trajectoire_libelle,
    if(shown.est_juge, shown.part_faite, null) as part_faite,
    if(shown.est_juge, shown.part_attendue, null) as part_attendue,
    if(shown.est_juge, shown.part_incertitude, null) as part_incertitude,
    not indicators.est_additif as est_un_taux,
    paces.lissage_annees,
    paces.correction_climat_libelle,
    paces.rythme_observe,
    paces.rythme_necessaire,
    paces.annee_atteinte,
    paces.valeur_prolongee,
    paces.manque,
    paces.sans_prolongement
from shown
left join vues.dim_indicateur as indicators on shown.indicateur_montre_id = indicators.indicateur_id
left join vues.dim_libelle as paths on paths.domaine = 'path_of_basis' and shown.base = paths.code
left join paces on shown.levier_id = paces.levier_id and shown.territoire_id = paces.territoire_id
left join scales on shown.levier_id = scales.levier_id and shown.territoire_id = scales.territoire_id
