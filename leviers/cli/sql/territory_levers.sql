-- The levers of a territory, with what is observed, asked, read and doubted of each.
with verified as (
    select
        fichier_id,
        est_verifiee
    from vues.fait_source
),

doubts as (
    select
        levier_id,
        territoire_id,
        string_agg(doute, ' ; ' order by poids desc, part_de_l_ecart desc nulls last, doute_code) as doutes
    from vues.fait_doute
    where est_affiche and poids is not null and not est_la_raison
    group by all
),

levers as (
    select
        readings.levier,
        readings.lecture,
        readings.lecture_libelle,
        case when readings.tendance in ('good', 'bad') then readings.tendance_libelle end as tendance_libelle,
        readings.base_libelle,
        readings.annee as annee_jugee,
        readings.indicateur as indicateur_juge,
        readings.unite as unite_jugee,
        readings.ecart,
        readings.incertitude,
        readings.raison,
        readings.confiance,
        doubts.doutes,
        coalesce(observed.indicateur, readings.indicateur) as indicateur,
        coalesce(observed.unite, readings.unite) as unite,
        coalesce(observed.annee, readings.annee) as annee,
        coalesce(observed.valeur, readings.valeur_publiee) as valeur,
        observed.completude_pct,
        observed.completude_pct < $complete_pct as est_partielle,
        observed.est_provisoire,
        observed.motif_absence,
        observed.role_libelle,
        observed.competences,
        observed.actions_trouvees,
        observed.premiere_annee_actions,
        observed.derniere_annee_actions,
        observed.subventions_trouvees_eur,
        coalesce(observed.remarque, shares.remarque) as remarque,
        coalesce(observed.source, datasets.source) as source,
        verified.est_verifiee,
        shares.region_id,
        shares.region,
        shares.cible_region_ktco2e,
        shares.part_ktco2e,
        shares.est_affichee_par_l_etat,
        shares.part_pct,
        shares.cle,
        shares.annee_cle,
        shares.est_approchee,
        shares.motif_approchee,
        targets.valeur as cible,
        targets.unite as unite_cible,
        targets.mesure as nature_cible,
        shares.nature_quantite,
        shares.phrase,
        shares.phrase_echelle,
        shares.motif_sans_quantite
    from vues.fait_lecture as readings
    left join vues.fait_part as shares using (levier_id, territoire_id)
    left join vues.cop_diagnostic as observed using (levier_id, territoire_id, region_id)
    left join vues.fait_cible as targets
        on
            shares.levier_id = targets.levier_id
            and shares.territoire_id = targets.territoire_id
            and shares.region_id = targets.region_id
            and targets.mesure_code <> 'ktco2e_avoided'
    left join vues.fait_observation as latest
        on
            coalesce(observed.indicateur_id, readings.indicateur_id) = latest.indicateur_id
            and readings.territoire_id = latest.territoire_id
            and coalesce(observed.annee, readings.annee) = latest.annee
    left join vues.dim_jeu as datasets on latest.jeu_id = datasets.jeu_id
    left join verified on latest.fichier_id = verified.fichier_id
    left join doubts using (levier_id, territoire_id)
    where readings.niveau = $level and readings.code_territoire = $code
)

select
    levers.*,
    $path_start_year as annee_depart,
    $path_end_year as annee_cible,
    vues.echelle(unite_jugee, ecart) as echelle_ecart,
    vues.echelle(unite, valeur) as echelle,
    vues.echelle(unite_cible, cible) as echelle_cible
from levers
order by region_id nulls last, part_ktco2e desc nulls last, levier
