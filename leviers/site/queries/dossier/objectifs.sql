-- The Region's own targets and the values that it reports; those that its source confirms come first.
select
    territories.territoire_id,
    figures.grandeur,
    figures.role = 'target' as est_une_cible,
    figures.nature,
    figures.annee_depart,
    figures.horizon,
    figures.valeur,
    vues.echelle(figures.unite, figures.valeur) as echelle,
    figures.cadre,
    figures.source,
    figures.confiance_libelle
from vues.fait_chiffre_region as figures
inner join vues.dim_territoire as territories
    on figures.territoire_id = territories.region_id and territories.niveau <> 'commune'
order by
    territories.territoire_id asc,
    est_une_cible desc,
    figures.est_confirme desc,
    figures.est_d_emissions desc,
    figures.horizon asc,
    figures.grandeur asc,
    figures.source asc
