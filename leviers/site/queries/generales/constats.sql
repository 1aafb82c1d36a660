-- The doubts on values, kind by kind; of breaks and years, one row for all territories that share it.
with findings as (
    select
        constat,
        constat_libelle,
        indicateur,
        unite,
        annee,
        motif,
        bool_or(est_ecartee) as est_ecartee,
        count(territoire_id) as territoires,
        min(territoire) as territoire,
        if(count(territoire_id) <= 1, any_value(valeur), null) as valeur,
        if(count(territoire_id) <= 1, any_value(valeur_comparee), null) as valeur_comparee
    from vues.fait_qualite
    group by constat, constat_libelle, indicateur, unite, annee, motif
)

select
    findings.* exclude (unite),
    coalesce(scales.unite_affichee, findings.unite) as unite,
    coalesce(scales.facteur, 1) as facteur,
    coalesce(scales.decimales, 1) as decimales
from findings
asof left join vues.dim_echelle as scales
    on
        findings.unite = scales.unite
        and greatest(abs(findings.valeur), abs(findings.valeur_comparee)) >= scales.a_partir_de
order by findings.constat_libelle, findings.indicateur, findings.annee, findings.motif
