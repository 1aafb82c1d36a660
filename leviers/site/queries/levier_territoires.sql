-- Where a lever is in each territory of a region, and the share of what is asked that it would have.
select
    readings.levier_id,
    readings.niveau,
    readings.territoire,
    readings.niveau || '-' || readings.code_territoire as fichier,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    coalesce(paces.unite_affichee, indicators.unite_affichee) as unite,
    coalesce(paces.facteur_affichage, indicators.facteur_affichage) as facteur,
    coalesce(paces.decimales, indicators.decimales) as decimales,
    paces.lissage_annees,
    paces.correction_climat_libelle,
    coalesce(readings.annee, diagnoses.annee) as annee,
    coalesce(readings.valeur, diagnoses.valeur) as valeur,
    readings.valeur_attendue,
    shares.part_ktco2e,
    shares.part_min_ktco2e,
    shares.part_max_ktco2e,
    shares.repose_sur_une_seule_cle
from vues.fait_lecture as readings
left join vues.cop_diagnostic as diagnoses using (levier_id, territoire_id)
left join vues.dim_indicateur as indicators
    on coalesce(readings.indicateur_id, diagnoses.indicateur_id) = indicators.indicateur_id
left join vues.fait_rythme as paces
    on readings.levier_id = paces.levier_id and readings.territoire_id = paces.territoire_id
left join vues.fait_part as shares
    on readings.levier_id = shares.levier_id and readings.territoire_id = shares.territoire_id
where
    readings.niveau in ('departement', 'epci')
    and coalesce(readings.valeur, diagnoses.valeur, shares.part_ktco2e) is not null
order by readings.levier_id ASC, shares.part_ktco2e desc nulls last, readings.territoire ASC
