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
    shown.unite_affichee as unite,
    shown.facteur_affichage as facteur,
    shown.decimales,
    shown.lissage_annees,
    shown.correction_climat_libelle,
    shown.annee,
    shown.valeur,
    shown.valeur_attendue,
    shares.part_ktco2e,
    shares.part_min_ktco2e,
    shares.part_max_ktco2e,
    shares.repose_sur_une_seule_cle
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
left join vues.fait_part as shares
    on
        shown.levier_id = shares.levier_id
        and shown.territoire_id = shares.territoire_id
        and shown.region_id = shares.region_id
where readings.niveau in ('departement', 'epci') and coalesce(shown.valeur, shares.part_ktco2e) is not null
order by readings.levier_id asc, shares.part_ktco2e desc nulls last, readings.territoire asc
