-- Quelle part des émissions est couverte dans un département ?
-- Réponse : De l'inventaire de la région, secteur par secteur, ce qui a une estimation dans le département et
--   ce qui n'en a pas ; `part_estimee_pct` en est le total. Ce sont des poids dans la région : le total du
--   département n'est pas connu.
-- Piège : La somme des secteurs estimés n'est pas le total du département : ce qu'aucune clé ne place manque,
--   et n'est pas zéro.
select
    r.secteur,
    r.nature_libelle as nature_dans_la_region,
    coalesce(d.nature_libelle, 'rien') as nature_dans_le_departement,
    round(r.maximum_tco2e) as inventaire_region_tco2e,
    round(100 * r.maximum_tco2e / sum(r.maximum_tco2e) over (), 1) as part_de_la_region_pct,
    d.maximum_tco2e is not null as est_estimee,
    round(
        100
        * sum(r.maximum_tco2e) filter (where d.maximum_tco2e is not null) over ()
        / sum(r.maximum_tco2e) over (),
        1
    ) as part_estimee_pct
from vues.fait_emission as r
left join vues.fait_emission as d on r.secteur = d.secteur and d.territoire_id = 'departement:34'
where r.territoire_id = 'region:76'
order by r.maximum_tco2e desc nulls last, r.secteur
